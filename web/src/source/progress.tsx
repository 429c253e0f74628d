import { Show } from "solid-js";
import { text } from "#text/source.ts";
import type { Transfer } from "@slipway/contract/github";
import { amountOf, shareOf, waitText } from "./transfer-text.ts";

/** The progress of an import, export or pull. */
export function TransferProgress(props: { transfer: Transfer; label: string }) {
  const share = () => shareOf(props.transfer);
  return (
    <div class="flex flex-col gap-1.5 text-sm">
      <p role="status" class="flex flex-wrap justify-between gap-x-3">
        <span>{text.transfer.phase(props.transfer.phase)}</span>
        <span class="text-xs text-quiet tabular-nums">{amountOf(props.transfer)}</span>
      </p>
      <progress
        class="progress"
        aria-label={props.label}
        max={1}
        {...(share() === undefined ? {} : { value: share() })}
      />
      <Show when={props.transfer.waitsUntil}>{(until) => <p class="text-xs text-warn">{waitText(until())}</p>}</Show>
    </div>
  );
}
