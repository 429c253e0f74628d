import { posix } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tailOf } from "@slipway/contract/cut";
import { VisibleError } from "@slipway/contract/error";
import type { CommandInfo, ListeningPort } from "@slipway/contract/sandbox";
import { now } from "@slipway/core/clock";
import * as File from "@slipway/core/file";
import { LeaseLost } from "@slipway/core/run/system";
import type { CommandFrame } from "@slipway/sandbox/protocol";
import { SandboxError } from "@slipway/sandbox/sandbox-error";
import type { SandboxSession } from "@slipway/sandbox/session";
import { z } from "zod";
import { partsOf, type CommandPart } from "../policy/command-policy.ts";
import { isSecret } from "../policy/secret.ts";
import { quote } from "../prompt/note.ts";
import { bounded, edgeBytes, Tail } from "./command-output.ts";
import { changedSince } from "./command-changes.ts";
import { settleFiles } from "./settle-files.ts";
import {
  defineTool,
  ToolFailure,
  type RiskPart,
  type ToolContext,
  type ToolOutcome,
  type ToolPending,
} from "./tool.ts";

/**
 * Runs a command in the sandbox of the run's person. The sandbox starts it once per call, however often this is repeated; a
 * turn follows its output for a while and then leaves it to a later one.
 */

const Input = z.object({
  command: z.string().min(1).max(32_000).describe("For bash."),
  cwd: z.string().max(1000).optional().describe("A folder of the project; its root without it."),
  timeout: z.int().min(1).max(3600).optional().describe("Seconds; 120 without it."),
  background: z
    .boolean()
    .optional()
    .describe("For servers and watchers: returns once it listens, and it runs on. stop_command ends it."),
});
type Input = z.infer<typeof Input>;

/** Between two turns: what the command is called, what has been seen of it, and how often it did not answer. */
const Handle = z.object({
  state: z.enum(["waiting", "started"]),
  command: z.string(),
  since: z.number(),
  rev: z.int().nonnegative(),
  offset: z.int().nonnegative(),
  tail: z.string(),
  breaks: z.int(),
});
type Handle = z.infer<typeof Handle>;

/** Milliseconds for which one turn follows a command: its first, and those after it. */
const patience = { first: 20_000, later: 3000, background: 10_000 };
/** Milliseconds that a sandbox may take to start, and that one which does not answer is asked again. */
const maxStart = 5 * 60_000;
const maxBreaks = 5;
/** Characters of output that a card shows as it comes, that a handle keeps, and that a card keeps in the end. */
const shown = { live: 8000, kept: 1000, last: 3500 };

export const runCommand = defineTool({
  name: "run_command",
  title: "Run",
  description:
    "Runs a shell command in the project's sandbox and returns its output and exit code. The project's files are there as they are now, and what it changes is in the project afterwards. A long output is cut in its middle; read_output reads the rest.",
  input: Input,
  risk: (input, context) => riskOf(input, context),
  async run(input, context) {
    const before = await context.write.earlier();
    if (before?.state === "started") return follow(Handle.parse(JSON.parse(before.output)), input, context);
    return start(input, context, now());
  },
  async resume(handle, context, input) {
    const at = Handle.parse(JSON.parse(handle));
    if (at.state === "started") return follow(at, input, context);
    const before = await context.write.earlier();
    if (before?.state === "started") return follow(Handle.parse(JSON.parse(before.output)), input, context);
    return start(input, context, at.since);
  },
});

async function riskOf({ command, cwd = "" }: Input, context: ToolContext): Promise<RiskPart[]> {
  const installed = command.includes("npx") ? await installedTools(cwd, context) : new Set<string>();
  const judged = (hasSecrets: boolean) => partsOf(command, { isInstalled: (tool) => installed.has(tool), hasSecrets });
  const careful = judged(true);
  const parts = (await showSecrets(careful, cwd, context)) ? careful : judged(false);
  return parts.map(({ text, answer, reason, pattern, deletes }) => ({
    ...{ text, answer, reason, pattern },
    ...(deletes ? { sameAs: "delete_files" } : {}),
  }));
}

/** Whether files that may hold secrets are in folders that a command reads whole. */
async function showSecrets(parts: readonly CommandPart[], cwd: string, context: ToolContext): Promise<boolean> {
  const folders = parts.flatMap((part) => part.folders ?? []);
  if (folders.length === 0) return false;
  const { files } = await File.list(context.actor, context.projectID);
  const secrets = files.map(({ path }) => path).filter(isSecret);
  // Where a folder is, once the command itself has gone to another, is not worked out.
  if (parts.some(({ text }) => /^(?:cd|pushd|popd)\b/.test(text))) return secrets.length > 0;
  return folders.some((folder) => {
    const place = folder === "." ? "." : posix.join(cwd, folder).replace(/\/$/, "");
    return secrets.some((path) => place === "." || path === place || path.startsWith(`${place}/`));
  });
}

const Manifest = z.object({
  dependencies: z.record(z.string(), z.unknown()).optional(),
  devDependencies: z.record(z.string(), z.unknown()).optional(),
});

/** Names that npx finds in the project, since its package.json has them. */
async function installedTools(cwd: string, { actor, projectID }: ToolContext): Promise<Set<string>> {
  try {
    const path = cwd === "" || cwd === "." ? "package.json" : `${cwd}/package.json`;
    const { content } = await File.readText(actor, projectID, path);
    const { dependencies, devDependencies } = Manifest.parse(JSON.parse(content));
    const names = Object.keys({ ...dependencies, ...devDependencies });
    return new Set([...names, ...(names.includes("typescript") ? ["tsc"] : [])]);
  } catch {
    // No such file, or not one that npm would read.
    return new Set();
  }
}

async function start(input: Input, context: ToolContext, since: number): Promise<ToolOutcome> {
  const { hands, callID, signal, write } = context;
  const waiting = {
    state: "waiting",
    command: hands.nameOf(callID),
    since,
    rev: 0,
    offset: 0,
    tail: "",
    breaks: 0,
  } as const;
  const session = await hands.take(signal);
  if (session === undefined) {
    if (now() - since > maxStart) throw new VisibleError("unavailable", "The sandbox did not start in time.");
    context.report("Starting the sandbox…");
    return pending(waiting, 1);
  }
  let running: CommandInfo[];
  try {
    running = (await session.commands()).filter(({ endedAt, background }) => endedAt === null && !background);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    if (now() - since > maxStart) throw unavailable(error);
    // It may have ended without anybody noticing: this looks, and the next attempt starts it again.
    await hands.isGone();
    context.report("Starting the sandbox…");
    return pending(waiting, 1);
  }
  // Calls of one answer run in their order.
  const prefix = hands.nameOf("");
  const before = running.find(({ call }) => call.startsWith(prefix) && call !== waiting.command);
  if (before) {
    context.report("Waiting for the command before it…");
    return pending(waiting, 2);
  }
  const rev = await hands.revision();
  const handle: Handle = { ...waiting, state: "started", since: now(), rev };
  await hands.attribute(true);
  await write.begin(JSON.stringify(handle));
  const { command, cwd = "", timeout, background = false } = input;
  const request = {
    call: handle.command,
    command,
    cwd: cwd === "." ? "" : cwd.replace(/^\.\//, ""),
    background,
    rev,
    ...(timeout === undefined ? (background ? { timeoutMs: 0 } : {}) : { timeoutMs: timeout * 1000 }),
  };
  const time = background ? patience.background : patience.first;
  return watch(handle, input, context, { session, time, frames: (stop) => session.exec(request, stop) });
}

/** Follows one that has been started. It is never started again. */
async function follow(handle: Handle, input: Input, context: ToolContext): Promise<ToolOutcome> {
  const session = await context.hands.running();
  if (session === undefined) throw lost(handle);
  const time = input.background ? patience.background : patience.later;
  const from = Math.max(0, handle.offset - shown.live);
  return watch({ ...handle, offset: from }, input, context, {
    session,
    time,
    frames: (stop) => session.attach(handle.command, from, stop),
  });
}

interface Following {
  session: SandboxSession;
  time: number;
  frames(signal: AbortSignal): AsyncGenerator<CommandFrame, void>;
}

async function watch(handle: Handle, input: Input, context: ToolContext, following: Following): Promise<ToolOutcome> {
  const { session, time, frames } = following;
  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(), time);
  const tail = new Tail(shown.live, handle.offset);
  const ports = input.background ? watchPorts(session, handle.command, enough) : undefined;
  const at = (): Handle => ({ ...handle, offset: tail.offset, tail: tailOf(tail.text, shown.kept), breaks: 0 });
  try {
    for await (const frame of frames(AbortSignal.any([context.signal, enough.signal]))) {
      if (frame.type === "output") tail.add(frame.offset, Buffer.from(frame.data, "base64"));
      if (frame.type === "output" || frame.type === "started") context.report("Running", tail.text);
      if (frame.type === "error") throw new SandboxError(frame.error.code, frame.error.message);
      if (frame.type === "exit") return await finish(frame.info, handle, context, session);
    }
    throw new SandboxError("unreachable", "The command's output ended without its exit.");
  } catch (error) {
    if (context.signal.aborted) {
      // The abort may have come before the command had started.
      if (await context.hands.hasEnded()) await session.kill(handle.command).catch(() => undefined);
      throw new LeaseLost();
    }
    if (enough.signal.aborted)
      return input.background ? inBackground(at(), context, session) : pending(at(), pause(handle));
    if (error instanceof SandboxError) return broken(error, { ...at(), breaks: handle.breaks + 1 }, context);
    throw error;
  } finally {
    clearTimeout(timer);
    enough.abort();
    await ports;
  }
}

/** Seconds until the next turn looks: a command that has run for long will run for longer. */
function pause({ since }: Handle): number {
  return now() - since < 120_000 ? 2 : 10;
}

/** Leaves a background command once it listens. */
async function watchPorts(session: SandboxSession, command: string, enough: AbortController): Promise<void> {
  while (!enough.signal.aborted) {
    await sleep(300, undefined, { signal: enough.signal }).catch(() => undefined);
    const open = await portsOf(session, command);
    if (open.length > 0) enough.abort();
  }
}

async function portsOf(session: SandboxSession, command: string): Promise<number[]> {
  const ports = await session.ports().catch((): ListeningPort[] => []);
  return [...new Set(ports.filter(({ call }) => call === command).map(({ port }) => port))];
}

async function broken(error: SandboxError, handle: Handle, context: ToolContext): Promise<ToolOutcome> {
  if (error.code === "not_found" || error.code === "unauthorized" || error.code === "not_open")
    throw lost(handle, error);
  if (error.code !== "unreachable") throw unavailable(error);
  if (handle.breaks > maxBreaks || (await context.hands.isGone())) throw lost(handle, error);
  context.report("The sandbox does not answer. Trying again…", handle.tail);
  return pending(handle, 2);
}

/** It had started, and its end is unknown. */
function lost({ tail }: Handle, cause?: unknown): ToolFailure {
  const end = tail.trim() === "" ? "" : `\n\n${tail.trim()}`;
  return new ToolFailure(
    "conflict",
    {
      shown: `The sandbox stopped while this ran.${end === "" ? "" : ` Its last output:${end}`}`,
      told: `The sandbox stopped while this ran, so whether it finished is unknown. Look at the files before you run it again; that starts a new sandbox.${end === "" ? "" : ` Its last output:${bounded({ head: end, tail: "", total: end.length })}`}`,
    },
    cause,
  );
}

function unavailable(error: SandboxError): VisibleError {
  return new VisibleError("unavailable", error.message, {}, error);
}

async function finish(
  info: CommandInfo,
  handle: Handle,
  context: ToolContext,
  session: SandboxSession,
): Promise<ToolOutcome> {
  const { total, code, signal, reason } = info;
  const [output, unsaved] = await Promise.all([readEdges(session, handle.command, total), settleFiles(session)]);
  const { rev, changes } = await changedSince(handle.rev, context);
  await context.hands.attribute(false);
  const seconds = ((info.endedAt ?? now()) - info.startedAt) / 1000;
  const told = [
    outcomeOf(info, seconds),
    bounded({ ...output, command: handle.command }).trimEnd() || "(no output)",
    ...(changes.length > 0 ? [changedNote(changes.map(({ path }) => path))] : []),
    ...(unsaved === undefined ? [] : [unsaved]),
  ];
  return {
    output: lastOf(output),
    told: told.join("\n\n"),
    changes,
    command: { state: reason ?? "exited", code, signal, bytes: total, ports: [] },
    ...(rev === undefined ? {} : { rev }),
  };
}

function outcomeOf({ code, signal, reason }: CommandInfo, seconds: number): string {
  const time = `after ${seconds.toFixed(1)} s`;
  if (reason === "timeout")
    return `Stopped by its time limit ${time}. Give it more with timeout, or run it in the background.`;
  if (reason === "killed") return `Stopped ${time}.`;
  if (reason === "failed") return "It could not be started.";
  return signal === null ? `Exit code ${code ?? "unknown"} ${time}.` : `Ended by ${signal} ${time}.`;
}

const maxNamed = 50;

function changedNote(paths: readonly string[]): string {
  const more = paths.length > maxNamed ? ` and ${paths.length - maxNamed} more` : "";
  return `It changed these files of the project: ${paths.slice(0, maxNamed).map(quote).join(", ")}${more}.`;
}

async function inBackground(handle: Handle, context: ToolContext, session: SandboxSession): Promise<ToolOutcome> {
  const [ports, unsaved] = await Promise.all([portsOf(session, handle.command), settleFiles(session)]);
  await context.hands.attribute(false);
  const { text, offset } = { text: handle.tail, offset: handle.offset };
  const listens =
    ports.length > 0
      ? `It listens on port ${ports.join(", ")}, which the person can open in the preview.`
      : "It listens on no port so far.";
  return {
    output: text,
    told: `It runs in the background as ${quote(handle.command)}. ${listens} read_output shows what it writes, and stop_command ends it.\n\n${bounded({ head: text, tail: "", total: offset }).trimEnd() || "(no output so far)"}${unsaved === undefined ? "" : `\n\n${unsaved}`}`,
    command: { state: "background", code: null, signal: null, bytes: offset, ports },
  };
}

async function readEdges(
  session: SandboxSession,
  command: string,
  total: number,
): Promise<{ head: string; tail: string; total: number }> {
  const read = async (start: number, end: number) =>
    new TextDecoder().decode(await session.output(command, start, end).catch(() => new Uint8Array()));
  if (total <= 2 * edgeBytes) return { head: await read(0, total), tail: "", total };
  const [head, tail] = await Promise.all([read(0, edgeBytes), read(total - edgeBytes, total)]);
  return { head, tail, total };
}

/** For its card: the end, which says how it went. Colours stay. */
function lastOf({ head, tail }: { head: string; tail: string }): string {
  const end = new Tail(shown.last);
  end.add(0, Buffer.from(tail === "" ? head : tail));
  return end.text.trimEnd();
}

function pending(handle: Handle, pollAfterSeconds: number): ToolPending {
  return { pending: { handle: JSON.stringify(handle), pollAfterSeconds } };
}
