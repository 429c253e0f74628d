import type { Transfer } from "@slipway/contract/github";
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
  const count = `${files.toLocaleString("en")} of ${filesTotal.toLocaleString("en")} files`;
  return bytesTotal > 0 ? `${count} · ${bytesText(bytes)} of ${bytesText(bytesTotal)}` : count;
}

export function waitText(until: number): string {
  const time = new Date(until).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return `GitHub limits requests and asks to wait until ${time}. It goes on by itself; nothing is lost.`;
}
