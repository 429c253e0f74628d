import { count } from "#text/count.ts";

/** Home: the first prompt, what Slipway is, and a person's projects. */
export const text = {
  titleSignedOut: "From a prompt to a pull request",
  leadSignedOut:
    "Describe what to build, or bring a repository. The agent works on real files in an editor that you can use, too.",
  titleSignedIn: "What do you want to build?",
  importRepository: "Import repository",
  blankProject: "Blank project",
  blankAbout: "No files and no run",
  pictureAlt:
    "A project in Slipway: the files on the left, a file beside the preview of its page, and the agent's steps with the files that it created.",
  points: [
    { title: "Review every hunk", about: "Keep or revert each change. The agent is told what you reverted." },
    { title: "Ship a pull request", about: "Under your own GitHub account. Slipway never force-pushes." },
    { title: "Your AWS account", about: "Code, prompts and model calls stay in your team's own account." },
    { title: "Nothing gets lost", about: "Runs outlive a closed laptop or a restart. Every change can be undone." },
  ],

  noProjects: "No projects yet. Describe one above, or import a repository.",
  search: "Search projects",
  filter: "Show",
  filters: { all: "All", running: "Running", waiting: "Needs approval", failed: "Failed" },
  noneFound: (words: string) => (words === "" ? "No projects in this state" : `No results for "${words}"`),
  clearSearch: "Show all projects",
  fromRepository: "Imported from GitHub",
  importing: "Importing…",
  importFailed: "Import failed",
  run: {
    queued: "Queued",
    running: "Running",
    waiting: "Needs approval",
    completed: "Done",
    cancelled: "Stopped",
    failed: "Run failed",
  },
  loadingProjects: "Loading projects",
  newNameOf: (name: string) => `New name of ${name}`,
  moreFor: (name: string) => `More for ${name}`,
  menuOf: (name: string) => `Actions for ${name}`,
  projectsFound: (n: number) => count(n, "project", "projects"),
};
