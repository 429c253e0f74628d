import type { Transfer } from "@slipway/contract/github";
import { text } from "#text/source.ts";
import { bytesText } from "../components/format.ts";

/** Progress from 0 to 1: by bytes if known, since they advance more evenly than files. */
export function shareOf(transfer: Transfer): number | undefined {
  const { files, filesTotal, bytes, bytesTotal } = transfer;
  if (bytesTotal > 0) return Math.min(1, bytes / bytesTotal);
  return filesTotal > 0 ? Math.min(1, files / filesTotal) : undefined;
}

export function amountOf(transfer: Transfer): string {
  const { files, filesTotal, bytes, bytesTotal } = transfer;
  if (filesTotal === 0) return "";
  const progress = text.transfer.progress(files, filesTotal);
  return bytesTotal > 0 ? text.transfer.withBytes(progress, bytesText(bytes), bytesText(bytesTotal)) : progress;
}

export function waitText(until: number): string {
  return text.transfer.waits(new Date(until).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
}
