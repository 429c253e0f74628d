import { Show, type JSX } from "solid-js";

export function Section(props: { title: string; about?: string; children: JSX.Element }) {
  return (
    <section class="card flex flex-col gap-4 p-5" aria-label={props.title}>
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

/** A labelled switch. */
export function Toggle(props: { label: string; about?: string; checked: boolean; onChange(checked: boolean): void }) {
  return (
    <label class="flex cursor-pointer items-start gap-3 text-sm">
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
