import { chooseProject } from "./projects/choose.ts";
import { isDemo, type Script } from "./script.ts";
import { list, plural, slug } from "./words.ts";

/** Creates a whole small project, three files per step; in a folder of its own when the project already has files. */
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
            thinking: `Request: "${prompt.slice(0, 120)}". Closest match: ${project.title}. ${project.about}`,
            text: `Building **${project.title}**${folder ? ` in \`${folder}\`` : ""}. ${project.about}`,
          }
        : { text: at + 3 >= files.length ? "Creating the last files." : "Creating more files." }),
      calls: part.map(([path, content]) => ({ name: "create_file", input: { path: folder + path, content } })),
    };
    for (const [index, { failed: lost }] of done.entries()) if (lost) failed.push(folder + (part[index]?.[0] ?? ""));
  }
  const written = files.length - failed.length;
  const trouble =
    failed.length > 0 ? `\n\nThese could not be created, probably because they already exist:\n${list(failed)}` : "";
  const wants = /\b(react|vue|svelte|next|django|flask|express|database|postgres|login|auth|payment|tailwind)\b/i.exec(
    prompt,
  )?.[1];
  const omitted = wants ? `\n\nYou mentioned ${wants}; this version runs without it. ${isDemo}` : "";
  return `Created **${project.title}**: ${plural(written, "file")}.${trouble}\n\nTo run it${folder ? `, in \`${folder}\`` : ""}:\n\n\`\`\`sh\n${project.run}\n\`\`\`${omitted}`;
}
