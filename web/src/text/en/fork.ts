/** Forking a conversation at a message, and reverting to a message. */
export const text = {
  actions: "Message actions",
  fork: "Fork from here",
  revert: "Revert to here…",
  attachAgain: "Attach the message's files again before you send it.",
  title: "Revert to before this message",
  about:
    "A new conversation opens without this message and what follows it. The message's text is in the composer, to be edited. This conversation stays.",
  files: "Revert the files too",
  filesAbout:
    "The whole project returns to its state before this message. That includes all changes since then, by everyone. You can undo this right after.",
  unchanged: "No file has changed since this message.",
  runGone: "The run of this message was deleted, so the files cannot be reverted.",
  checking: "Checking the files…",
  submit: "Revert",
  busy: "Reverting…",
  reverted: (kept: readonly string[]) =>
    kept.length === 0
      ? "The files are reverted."
      : `The files are reverted, except for some that changed meanwhile: ${kept.slice(0, 3).join(", ")}`,
  undo: "Undo",
  progress: (done: number, total: number) => `${done} of ${total} files`,
};
