/** Going on from an earlier message. */
export const text = {
  title: "Go back to before this message",
  about:
    "The conversation goes on from there in a new one, with the message in the box to be changed. This conversation stays.",
  files: "Put the files back as well",
  filesAbout: "As they were before this message, whoever changed them since. It can be undone in the history.",
  goBack: "Go back",
  goingBack: "Going back…",
  progress: (done: number, total: number) => `${done} of ${total} files`,
};
