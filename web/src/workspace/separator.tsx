/** Resizes by dragging or with the arrow keys. */
export function Separator(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  side: "left" | "right" | "top";
  onChange(width: number): void;
}) {
  const clamp = (width: number) => Math.round(Math.max(props.min, Math.min(props.max, width)));
  const sign = () => (props.side === "right" ? 1 : -1);
  const isFlat = () => props.side === "top";
  const more = () => (isFlat() ? "ArrowDown" : "ArrowRight");
  const less = () => (isFlat() ? "ArrowUp" : "ArrowLeft");
  function drag(event: PointerEvent & { currentTarget: HTMLElement }): void {
    const { currentTarget: handle } = event;
    const at = (pointer: PointerEvent) => (isFlat() ? pointer.clientY : pointer.clientX);
    const from = at(event);
    const width = props.value;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (move) => props.onChange(clamp(width + (at(move) - from) * sign()));
    handle.onpointerup = () => (handle.onpointermove = null);
  }
  return (
    <div
      role="separator"
      aria-orientation={isFlat() ? "horizontal" : "vertical"}
      aria-label={props.label}
      aria-valuenow={props.value}
      aria-valuemin={props.min}
      aria-valuemax={props.max}
      tabindex="0"
      class="absolute z-10 hidden hover:bg-accent-soft md:block"
      classList={{
        "top-0 h-full w-1.5 cursor-col-resize": !isFlat(),
        "-top-1 left-0 h-1.5 w-full cursor-row-resize": isFlat(),
        "-right-1": props.side === "right",
        "-left-1": props.side === "left",
      }}
      onPointerDown={drag}
      onKeyDown={(event) => {
        const step = event.key === more() ? 16 : event.key === less() ? -16 : 0;
        if (step !== 0) props.onChange(clamp(props.value + step * sign()));
      }}
    />
  );
}
