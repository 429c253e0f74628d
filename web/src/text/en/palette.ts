/** The command palette. */
export const text = {
  title: "Go to anything",
  search: "Search files, commands and projects",
  placeholder: "File, command or project.  @ symbol  : line  > command",
  results: "Results",
  searching: "Searching…",
  none: (query: string) => (query === "" ? "No results" : `No results for “${query}”`),
  goToLine: (line: number) => `Go to line ${line}`,
  typeLine: "Type a line number",
};
