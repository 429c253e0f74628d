/** Instructions for the agent, in settings. */
export const text = {
  title: "Instructions",
  about: {
    own: "The agent follows them in all of your conversations, from your next message on. It also follows AGENTS.md, CLAUDE.md and .cursorrules of a project.",
    team: "The agent follows them in everyone's conversations, from their next message on. People add their own in their settings. It also follows AGENTS.md, CLAUDE.md and .cursorrules of a project.",
  },
  example: {
    own: "Answer in German. Explain what you change in one sentence.",
    team: "Write a test for every mended fault. Never add a dependency without asking.",
  },
  update: "Update instructions",
  saved: "Saved",
  length: (length: number, limit: number) => `${length.toLocaleString("en")} of ${limit.toLocaleString("en")}`,
};
