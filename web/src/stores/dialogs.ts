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
/** The code of why the last sign-in failed. */
export const [refusal, setRefusal] = createSignal<string>();

/** Reopens the sign-in, which says why it failed. `error` is a code that Auth.js has added to the address. */
export function refuseSignIn(error: string): void {
  setRefusal(error);
  openDialog("sign-in");
}
