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
/** What came of the last sign-in, when it came to nothing. */
export const [refusal, setRefusal] = createSignal<string>();

/** Auth.js's own words for why a sign-in came to nothing, as it puts them into the address. */
const refusals: Readonly<Record<string, string>> = {
  AccessDenied: "This Slipway is for its team. Ask whoever runs it to add the e-mail address of your account.",
  OAuthAccountNotLinked:
    "That e-mail address is already known from another way to sign in. Sign in the way you did before.",
};

/** Opens the sign-in again, and says why it came to nothing. */
export function refuseSignIn(error: string): void {
  setRefusal(refusals[error] ?? "Signing in did not work. Try again.");
  openDialog("sign-in");
}
