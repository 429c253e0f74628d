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

/** Messages for the error codes that Auth.js adds to the address. */
const refusals: Readonly<Record<string, string>> = {
  AccessDenied: "This Slipway is for its team. Ask its admin to add your account's e-mail address.",
  OAuthAccountNotLinked:
    "That e-mail address is already known from another way to sign in. Sign in the way you did before.",
};

/** Reopens the sign-in and says why it failed. */
export function refuseSignIn(error: string): void {
  setRefusal(refusals[error] ?? "Signing in did not work. Try again.");
  openDialog("sign-in");
}
