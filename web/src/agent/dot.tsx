import { text } from "#text/agent.ts";

/** How a call stands, as a coloured dot with its name. */

const colours = {
  running: "bg-accent animate-pulse",
  waiting: "bg-warn",
  completed: "bg-good",
  failed: "bg-bad",
  denied: "bg-warn",
  unknown: "bg-warn",
  stopped: "bg-quiet",
  background: "bg-accent",
} as const;
export type ToolState = keyof typeof colours;

export function Dot(props: { state: ToolState }) {
  return (
    <span
      class={`size-2 shrink-0 rounded-full ${colours[props.state]}`}
      role="img"
      aria-label={text.states[props.state]}
    />
  );
}
