import type { PreviewOrder } from "@slipway/contract/preview";
import ArrowLeft from "lucide-solid/icons/arrow-left";
import ArrowRight from "lucide-solid/icons/arrow-right";
import RotateCw from "lucide-solid/icons/rotate-cw";
import TriangleAlert from "lucide-solid/icons/triangle-alert";
import { Show, type JSX } from "solid-js";
import { text } from "#text/preview.ts";
import { addressTyped } from "./address.ts";
import { ToolButton } from "./tool-button.tsx";

/** A preview's toolbar: back, forward, reload, address and problems. */
export function PreviewBar(props: {
  /** As people read it. */
  address: string;
  addressLabel: string;
  problems: number;
  showsProblems: boolean;
  onOrder(what: PreviewOrder): void;
  onGo(address: string): void;
  onProblems(): void;
  /** Before the address. */
  before?: JSX.Element;
  /** At the end. */
  children: JSX.Element;
}) {
  return (
    <div
      role="toolbar"
      aria-label={text.toolbar}
      class="flex h-9 shrink-0 items-center gap-1 border-b border-line px-1.5"
    >
      <ToolButton label={text.back} onClick={() => props.onOrder("back")}>
        <ArrowLeft size={15} />
      </ToolButton>
      <ToolButton label={text.forward} onClick={() => props.onOrder("forward")}>
        <ArrowRight size={15} />
      </ToolButton>
      <ToolButton label={text.reload} onClick={() => props.onOrder("reload")}>
        <RotateCw size={14} />
      </ToolButton>
      {props.before}
      <form
        class="min-w-0 grow"
        onSubmit={(event) => {
          event.preventDefault();
          const path = new FormData(event.currentTarget).get("path");
          if (typeof path === "string") props.onGo(addressTyped(path));
        }}
      >
        <input
          name="path"
          class="field h-7 w-full px-2 py-0 font-mono text-xs"
          aria-label={props.addressLabel}
          value={props.address}
          spellcheck={false}
          autocomplete="off"
        />
      </form>
      <Show when={props.problems > 0}>
        <button
          class="button button-small shrink-0 text-warn"
          aria-expanded={props.showsProblems}
          onClick={() => props.onProblems()}
        >
          <TriangleAlert size={13} /> {text.problems(props.problems)}
        </button>
      </Show>
      {props.children}
    </div>
  );
}
