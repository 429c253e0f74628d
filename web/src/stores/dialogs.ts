import { text } from "#text/sign-in.ts";
import { createSignal } from "solid-js";

/** Which of the shell's dialogs is open. Any page may open them. */

const [palette, setPalette] = createSignal<string>();
/** Whether the palette is open. */
export const paletteOpen = () => palette() !== undefined;
export const paletteText = () => palette() ?? "";
export function openPalette(text = ""): void {
  setPalette(text);
}
export function closePalette(): void {
  setPalette(undefined);
}

export const [sheetOpen, openSheet] = createSignal(false);
export const [dialog, openDialog] = createSignal<"new" | "import" | "sign-in">();
/** The initial address of the import dialog. */
export const [importAddress, setImportAddress] = createSignal("");
/** A call was refused because the session has ended. */
export const [expired, setExpired] = createSignal(false);
/** Why the last sign-in failed. */
export const [refusal, setRefusal] = createSignal<string>();

/** Reopens the sign-in and says why it failed: by the codes that Auth.js adds to the address. */
export function refuseSignIn(error: string): void {
  setRefusal(text.refusals[error] ?? text.failed);
  openDialog("sign-in");
}
