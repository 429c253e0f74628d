import { chooseProject } from "./projects/choose.ts";
import { isDemo, type Script } from "./script.ts";
import { list, plural, slug } from "./words.ts";

/** Writes a whole small project, three files a step. In a project that has files already it goes into a folder. */
export function* build(prompt: string, existing: readonly string[]): Script {
  const project = chooseProject(prompt);
  const folder = existing.length > 0 ? `${slug(project.title)}/` : "";
  const files = Object.entries(project.files).filter(([path]) => !existing.includes(folder + path));
  const failed: string[] = [];
  for (let at = 0; at < files.length; at += 3) {
    const part = files.slice(at, at + 3);
    const done = yield {
      ...(at === 0
        ? {
            thinking: `The person wants: "${prompt.slice(0, 120)}". I take ${project.title}: ${project.about}`,
            text: `I build **${project.title}**${folder ? ` in \`${folder}\`` : ""}. ${project.about}\n\nThe foundations first.`,
          }
        : { text: at + 3 >= files.length ? "The last files." : "On to the next files." }),
      calls: part.map(([path, content]) => ({ name: "create_file", input: { path: folder + path, content } })),
    };
    for (const [index, { failed: lost }] of done.entries()) if (lost) failed.push(folder + (part[index]?.[0] ?? ""));
  }
  const written = files.length - failed.length;
  const trouble =
    failed.length > 0
      ? `\n\nThese could not be written, probably because they were there already:\n${list(failed)}`
      : "";
  const wants = /\b(react|vue|svelte|next|django|flask|express|database|postgres|login|auth|payment|tailwind)\b/i.exec(
    prompt,
  )?.[1];
  const honest = wants ? `\n\nYou mentioned ${wants}: I left that out and kept to what runs without it. ${isDemo}` : "";
  return `**${project.title}** is there: ${plural(written, "file")}.${trouble}\n\nTo run it${folder ? `, in \`${folder}\`` : ""}:\n\n\`\`\`sh\n${project.run}\n\`\`\`${honest}`;
}
