import * as File from "@slipway/core/file";
import type { Actor } from "@slipway/core/member";
import { fillIn } from "./fill-in.ts";

/** What a message that begins with `/` asks for. Everything else, a path among it, is an ordinary message. */
export type Slash =
  | { kind: "none" }
  /** To shorten the conversation; `focus` is what to keep above all. */
  | { kind: "compact"; focus: string }
  /** To plan, and change nothing. */
  | { kind: "plan"; task: string }
  /** A command of the project, with its arguments filled in. */
  | { kind: "command"; path: string; text: string };

/** Where a project's commands are, in their order. `a/b.md` there is `/a:b`. */
const folders = [".slipway/commands", ".claude/commands"];

export async function slashIn(actor: Actor, projectID: string, message: string): Promise<Slash> {
  const [, name = "", rest = ""] = /^\/([a-z0-9][\w:-]*)(?:\s+([^]*))?$/i.exec(message) ?? [];
  if (name === "") return { kind: "none" };
  if (name === "compact") return { kind: "compact", focus: rest };
  if (name === "plan" && rest.trim() !== "") return { kind: "plan", task: rest };
  const paths = folders.map((folder) => `${folder}/${name.replaceAll(":", "/")}.md`);
  const known = await File.versionsNow(actor, projectID, paths);
  const path = paths.find((each) => known.has(each));
  if (path === undefined) return { kind: "none" };
  const { content } = await File.readText(actor, projectID, path);
  return { kind: "command", path, text: fillIn(content, rest) };
}
