import { text } from "#text/slash.ts";

/** What a message can begin with. */
export interface SlashCommand {
  name: string;
  about: string;
}

const folders = [".slipway/commands/", ".claude/commands/"];

/** Slipway's own commands and those of a project's files, that begin with some letters. */
export function slashCommands(words: string, paths: readonly string[]): SlashCommand[] {
  const known = new Map<string, SlashCommand>();
  for (const [name, about] of Object.entries(text.own)) known.set(`/${name}`, { name: `/${name}`, about });
  for (const folder of folders) {
    for (const path of paths) {
      if (!path.startsWith(folder) || !path.endsWith(".md")) continue;
      const name = `/${path.slice(folder.length, -".md".length).replaceAll("/", ":")}`;
      if (/^\/[a-z0-9][\w:-]*$/i.test(name) && !known.has(name)) known.set(name, { name, about: path });
    }
  }
  return [...known.values()].filter(({ name }) => name.slice(1).startsWith(words)).slice(0, 12);
}
