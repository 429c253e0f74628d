import type { JSX } from "solid-js";

export function ToolButton(props: { label: string; isPressed?: boolean; onClick(): void; children: JSX.Element }) {
  return (
    <button
      class="icon-button"
      classList={{ "bg-accent-soft text-accent": props.isPressed ?? false }}
      aria-label={props.label}
      aria-pressed={props.isPressed}
      title={props.label}
      onClick={() => props.onClick()}
    >
      {props.children}
    </button>
  );
}
