import { Mark } from "./mark.tsx";

export function NotFound(props: { what: string }) {
  return (
    <main class="flex min-h-full flex-col items-center justify-center gap-4 p-6 text-center">
      <Mark size={40} />
      <h1 class="text-xl font-semibold">There is no such {props.what}</h1>
      <p class="max-w-sm text-quiet">It may have been deleted, or belong to someone else.</p>
      <a class="button button-main" href="/">
        Go home
      </a>
    </main>
  );
}
