/** Whether a key belongs to an input method that is composing a word. Some browsers say so by the key code alone. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** Characters of a paste past which it becomes a file: a prompt that long cannot be read in a box. */
const longPaste = 20_000;

/** A long pasted text as a file to attach. Undefined for text that belongs in the box. */
export function pastedFile(event: ClipboardEvent, name: string): File | undefined {
  const pasted = event.clipboardData?.getData("text/plain") ?? "";
  return pasted.length > longPaste ? new File([pasted], name, { type: "text/plain" }) : undefined;
}
