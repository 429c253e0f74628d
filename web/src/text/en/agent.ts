/** The conversation with the agent. */
export const text = {
  tooManyFiles: (limit: number) => `A message takes ${limit} files.`,
  imageTooLarge: (name: string) => `"${name}" is too large. Images can have 3.75 MB.`,
  textTooLarge: (name: string) => `"${name}" is too large. Text files can have 200 KB. Add it to the project instead.`,
  cannotRead: (name: string) => `The agent can't read "${name}". Add it to the project instead.`,
};
