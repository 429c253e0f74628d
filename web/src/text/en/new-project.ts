/** The first prompt of a project, at home and in the dialog. */
export const text = {
  title: "New project",
  prompt: "What do you want to build?",
  placeholder: "Describe what to build…",
  examples: "Examples",
  exampleList: [
    "A pomodoro timer with Vite and TypeScript",
    "A landing page for a coffee roastery",
    "A REST API for tasks with tests",
    "A Python command-line tool that summarises a CSV file",
  ],
  start: "Start",
  starting: "Starting…",
  addFiles: "Add files or images",
  files: "Attached files",
  removeFile: (name: string) => `Remove ${name}`,
  pastedName: "pasted text.txt",
  pasted: "The pasted text is long, so it was attached as a file.",
  promptTooLong: (limit: string) => `A prompt can have ${limit} characters. Attach the rest as a file.`,
};
