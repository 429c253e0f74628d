import { createEffect } from "solid-js";

/** Sets the title of the page. The server sets the first one: see `entry-server.tsx`. */
export function useTitle(title: () => string): void {
  createEffect(() => {
    document.title = title();
  });
}
