/** Resizes by dragging or with the arrow keys. */
export function Separator(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  side: "left" | "right";
  onChange(width: number): void;
}) {
  const clamp = (width: number) => Math.round(Math.max(props.min, Math.min(props.max, width)));
  const sign = () => (props.side === "right" ? 1 : -1);
  function drag(event: PointerEvent & { currentTarget: HTMLElement }): void {
    const { currentTarget: handle, clientX: from } = event;
    const width = props.value;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (move) => props.onChange(clamp(width + (move.clientX - from) * sign()));
    handle.onpointerup = () => (handle.onpointermove = null);
  }
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={props.label}
      aria-valuenow={props.value}
      aria-valuemin={props.min}
      aria-valuemax={props.max}
      tabindex="0"
      class="absolute top-0 z-10 hidden h-full w-1.5 cursor-col-resize hover:bg-accent-soft md:block"
      classList={{ "-right-1": props.side === "right", "-left-1": props.side === "left" }}
      onPointerDown={drag}
      onKeyDown={(event) => {
        const step = event.key === "ArrowRight" ? 16 : event.key === "ArrowLeft" ? -16 : 0;
        if (step !== 0) props.onChange(clamp(props.value + step * sign()));
      }}
    />
  );
}
