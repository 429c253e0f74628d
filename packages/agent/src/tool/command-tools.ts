import { headOf } from "@slipway/contract/cut";
import { VisibleError } from "@slipway/contract/error";
import type { CommandInfo } from "@slipway/contract/sandbox";
import { SandboxError } from "@slipway/sandbox/sandbox-error";
import type { SandboxSession } from "@slipway/sandbox/session";
import { z } from "zod";
import { quote } from "../prompt/note.ts";
import { maxLines, maxTold, plain } from "./command-output.ts";
import { defineTool, type ToolContext } from "./tool.ts";

/** Tools for commands that run_command has started. */

const maxListed = 20;
/** Bytes of an output that are read for a range or a search. */
const maxRead = 16 * 1024 * 1024;
const part = 1024 * 1024;

const id = z.string().min(1).max(128).describe("As run_command or list_commands named it.");

export const listCommands = defineTool({
  name: "list_commands",
  title: "List commands",
  reads: true,
  description: "Lists the commands of the sandbox, newest first: those that run, and the last ones that have ended.",
  input: z.object({}),
  run: async (_, context) =>
    inSandbox(context, async (session) => {
      const [commands, ports] = await Promise.all([session.commands(), session.ports()]);
      if (commands.length === 0) return "No command has run in this sandbox.";
      return commands
        .slice(0, maxListed)
        .map((info) => {
          const open = ports.filter(({ call }) => call === info.call).map(({ port }) => port);
          return `${info.call}: ${stateOf(info)}${open.length > 0 ? `, on port ${open.join(", ")}` : ""}: ${quote(info.command)}`;
        })
        .join("\n");
    }),
});

export const readOutput = defineTool({
  name: "read_output",
  title: "Read output",
  reads: true,
  description: "Reads what a command wrote, whole or some of its lines, or the lines that contain a text.",
  input: z.object({
    id,
    startLine: z.int().min(1).optional().describe("First line, from 1. Without it, the last lines."),
    endLine: z.int().min(1).optional().describe("Last line, included."),
    search: z.string().min(1).max(500).optional().describe("Only lines that contain this text, in any case."),
  }),
  run: async (input, context) =>
    inSandbox(context, async (session) => {
      const info = await infoOf(session, input.id);
      const { text, isCut } = await wholeOutput(session, info);
      const lines = plain(text).replace(/\n$/, "").split("\n");
      const shown = input.search === undefined ? rangeOf(lines, input) : found(lines, input.search);
      const note = isCut ? "\n[Only the first 16 MB of the output were read.]" : "";
      return `${stateOf(info)}, ${lines.length.toLocaleString("en")} lines\n\n${shown}${note}`;
    }),
});

export const stopCommand = defineTool({
  name: "stop_command",
  title: "Stop",
  description: "Ends a command and all that it has started.",
  input: z.object({ id }),
  run: async (input, context) =>
    inSandbox(context, async (session) => {
      const info = await infoOf(session, input.id);
      if (info.endedAt !== null && info.alive === 0) return `It had ended already: ${stateOf(info)}.`;
      return `Stopped: ${quote((await session.kill(info.call)).command)}.`;
    }),
});

async function inSandbox(
  context: ToolContext,
  use: (session: SandboxSession) => Promise<string>,
): Promise<{ output: string }> {
  const away = "The sandbox is not running, so no command is. run_command starts it.";
  try {
    const session = await context.hands.running();
    if (session === undefined) throw new VisibleError("unavailable", away);
    return { output: await use(session) };
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    if (error.code === "not_found" || error.code === "not_open")
      throw new VisibleError(
        "not_found",
        "The sandbox has no such command. list_commands shows those it has.",
        {},
        error,
      );
    throw new VisibleError("unavailable", "The sandbox does not answer now.", {}, error);
  }
}

/** By its whole name, or the end of it. */
async function infoOf(session: SandboxSession, name: string): Promise<CommandInfo> {
  const commands = await session.commands();
  const info = commands.find(({ call }) => call === name) ?? commands.find(({ call }) => call.endsWith(`.${name}`));
  if (info === undefined) throw new SandboxError("not_found", "no such command");
  return info;
}

function stateOf({ endedAt, reason, code, signal, background, alive }: CommandInfo): string {
  if (endedAt === null) return background ? "running in the background" : "running";
  const left = alive > 0 ? `, with ${alive} processes left` : "";
  if (reason === "timeout") return `stopped by its time limit${left}`;
  if (reason === "killed") return `stopped${left}`;
  return (signal === null ? `exit code ${code ?? "unknown"}` : `ended by ${signal}`) + left;
}

async function wholeOutput(session: SandboxSession, info: CommandInfo): Promise<{ text: string; isCut: boolean }> {
  const decoder = new TextDecoder();
  let text = "";
  let at = 0;
  while (at < maxRead) {
    const bytes = await session.output(info.call, at, at + part);
    if (bytes.byteLength === 0) break;
    text += decoder.decode(bytes, { stream: true });
    at += bytes.byteLength;
  }
  return { text, isCut: at < info.total };
}

function rangeOf(
  lines: readonly string[],
  { startLine, endLine }: { startLine?: number | undefined; endLine?: number | undefined },
): string {
  const first = startLine ?? Math.max(1, (endLine ?? lines.length) - maxLines / 10 + 1);
  return fitting(lines.slice(first - 1, endLine).map((line, at) => `${first + at}: ${line}`));
}

function found(lines: readonly string[], search: string): string {
  const wanted = search.toLowerCase();
  const matching = lines.flatMap((line, at) => (line.toLowerCase().includes(wanted) ? [`${at + 1}: ${line}`] : []));
  return matching.length === 0 ? "No line contains that." : fitting(matching);
}

/** As many lines as may be told, from the first on. */
function fitting(lines: readonly string[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    const shown = line.length > 2000 ? `${headOf(line, 2000)}…` : line;
    length += shown.length + 1;
    if (kept.length === maxLines || length > maxTold) break;
    kept.push(shown);
  }
  const rest = lines.length - kept.length;
  return kept.join("\n") + (rest > 0 ? `\n[${rest.toLocaleString("en")} more lines]` : "");
}
