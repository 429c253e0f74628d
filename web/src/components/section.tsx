import { For, Show, type JSX } from "solid-js";

/** A part of a page. `id` is what links lead to. */
export function Section(props: { id?: string; title: string; about?: string; children: JSX.Element }) {
  return (
    <section id={props.id} class="card flex scroll-mt-4 flex-col gap-4 p-5" aria-label={props.title}>
      <div>
        <h2 class="font-semibold">{props.title}</h2>
        <Show when={props.about}>
          <p class="text-sm text-quiet">{props.about}</p>
        </Show>
      </div>
      {props.children}
    </section>
  );
}

/** Links to the sections of a page: beside them, or in a row above on a narrow screen. */
export function SectionNav(props: { label: string; sections: readonly { id: string; title: string }[] }) {
  return (
    <nav aria-label={props.label} class="shrink-0 md:sticky md:top-4 md:w-40 md:self-start">
      <ul class="flex flex-wrap gap-1 md:flex-col">
        <For each={props.sections}>
          {({ id, title }) => (
            <li>
              <a
                href={`#${id}`}
                class="touch-target flex items-center rounded-sm px-2 py-1 text-sm text-quiet hover:bg-panel hover:text-ink"
              >
                {title}
              </a>
            </li>
          )}
        </For>
      </ul>
    </nav>
  );
}

/** A labelled switch. */
export function Toggle(props: { label: string; about?: string; checked: boolean; onChange(checked: boolean): void }) {
  return (
    <label class="touch-target flex cursor-pointer items-start gap-3 text-sm">
      <input
        type="checkbox"
        role="switch"
        class="switch mt-0.5"
        checked={props.checked}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>
        {props.label}
        <Show when={props.about}>
          <span class="block text-xs text-quiet">{props.about}</span>
        </Show>
      </span>
    </label>
  );
}
