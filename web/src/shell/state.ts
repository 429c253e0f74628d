import { createSignal } from "solid-js";

/** Which of the shell's own dialogs is open: any page may open them. */

const [palette, setPalette] = createSignal<string>();
/** The words it opens with; undefined while it is closed. */
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
/** What the import dialog begins with. */
export const [importAddress, setImportAddress] = createSignal("");
/** A call was refused because nobody is signed in any more. */
export const [expired, setExpired] = createSignal(false);
