/** A project that the demo model can create: its files and how to run them. */
export interface DemoProject {
  title: string;
  files: Record<string, string>;
  run: string;
  /** What it does and does not do. */
  about: string;
}

export function readme(project: { title: string; about: string; run: string; extra?: string }): string {
  return `# ${project.title}

${project.about}

## Run it

\`\`\`sh
${project.run}
\`\`\`
${project.extra ? `\n${project.extra}\n` : ""}`;
}

/** One style for every page, with tokens first, so that a dark mode or another colour takes a few lines. */
export const css = `:root {
  --paper: #fbfaf7;
  --ink: #1d2021;
  --quiet: #5f625e;
  --line: #dedad1;
  --accent: #0b6e63;
  --on-accent: #ffffff;
}

* {
  box-sizing: border-box;
}

body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif;
}

main {
  max-width: 640px;
  margin: 0 auto;
  padding: 48px 16px;
}

h1 {
  margin: 0 0 8px;
  font-size: 28px;
}

p {
  color: var(--quiet);
}

form,
.row {
  display: flex;
  flex-wrap: wrap;
  gap: 8px;
  margin: 16px 0;
}

input,
select,
textarea,
button {
  font: inherit;
  padding: 8px 12px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: transparent;
  color: inherit;
}

input,
textarea {
  flex: 1;
  min-width: 0;
}

button {
  background: var(--accent);
  border-color: var(--accent);
  color: var(--on-accent);
  cursor: pointer;
}

button.plain {
  background: transparent;
  color: var(--accent);
}

:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}

ul {
  list-style: none;
  margin: 0;
  padding: 0;
}

li {
  display: flex;
  align-items: center;
  gap: 8px;
  padding: 8px 0;
  border-bottom: 1px solid var(--line);
}

li span {
  flex: 1;
}

.done span {
  color: var(--quiet);
  text-decoration: line-through;
}

.big {
  font-size: 56px;
  font-variant-numeric: tabular-nums;
  margin: 16px 0;
}

.board {
  display: grid;
  grid-template-columns: repeat(3, 96px);
  gap: 8px;
}

.board button {
  height: 96px;
  font-size: 32px;
  background: transparent;
  color: var(--ink);
  border-color: var(--line);
}
`;
