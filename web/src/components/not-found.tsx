import { text } from "#text/common.ts";
import { Mark } from "./mark.tsx";

export function NotFound(props: { kind: "page" | "project" }) {
  return (
    <main
      id="main"
      tabindex="-1"
      class="flex outline-none min-h-full flex-col items-center justify-center gap-4 p-6 text-center"
    >
      <Mark size={40} />
      <h1 class="text-xl font-semibold">{text.notFound[props.kind]}</h1>
      <p class="max-w-sm text-balance text-quiet">{text.notFoundAbout}</p>
      <a class="button button-main" href="/">
        {text.goHome}
      </a>
    </main>
  );
}
