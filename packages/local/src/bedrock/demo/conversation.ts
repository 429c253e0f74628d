import { z } from "zod";
import type { ContentBlock, ConverseRequest } from "../converse.ts";

/** A conversation as the demo model reads it: the current turn and the earlier ones. */
export interface Conversation extends Turn {
  earlier: Turn[];
  tools: ReadonlySet<string>;
  /** Tools that accept this input. */
  accepts(tool: string, input: string): boolean;
  /** Number of messages, for unique ids. */
  length: number;
}
/** A request, what was done for it, and the reply. */
export interface Turn {
  /** The request, then what was added while it was served. */
  tasks: Task[];
  /** Earlier messages that were never answered, oldest first. */
  unanswered: string[];
  steps: Step[];
  /** The closing text; empty while there is none. */
  reply: string;
  /** Slipway's notes beside the request: what was reverted, mentioned or attached. */
  notes: string[];
}
export interface Task {
  prompt: string;
  /** Steps that were finished when it arrived. */
  after: number;
}
export interface Step {
  calls: Done[];
}
export interface Done {
  name: string;
  input: Record<string, unknown>;
  /** Of a file that was read, its text. */
  output: string;
  failed: boolean;
  /** Only a part of the file was read, or is remembered. */
  isPart?: boolean;
}

/** Of notes and of instructions. */
const note = "<slipway-";
/** The note that comes with the first message of every run. */
const beginsRun = /^<slipway-note>\s*The project is called /;

export function readConversation(request: ConverseRequest): Conversation {
  const turns: Turn[] = [];
  let ids = new Map<string, Done>();
  for (const { role, content } of request.messages) {
    const texts = content.flatMap((block) => ("text" in block ? [block.text] : []));
    if (role === "user") {
      takeResults(ids, content);
      hear(turns, texts, { isSteering: ids.size > 0 && !texts.some((text) => beginsRun.test(text)) });
      continue;
    }
    const turn = turns.at(-1);
    if (!turn) continue;
    ids = new Map();
    const calls = content.flatMap((block) => ("toolUse" in block ? [block.toolUse] : []));
    for (const { toolUseId, name, input } of calls) {
      const known = z.record(z.string(), z.unknown()).safeParse(input);
      ids.set(toolUseId, { name, input: known.success ? known.data : {}, output: "", failed: true });
    }
    if (calls.length > 0) turn.steps.push({ calls: [...ids.values()] });
    else turn.reply = texts.join("\n");
  }
  const now = turns.pop() ?? newTurn("", []);
  const specs = (request.toolConfig?.tools ?? []).flatMap((tool) => ("toolSpec" in tool ? [tool.toolSpec] : []));
  return {
    ...now,
    earlier: turns,
    tools: new Set(specs.map(({ name }) => name)),
    accepts(tool, input) {
      const schema = ToolSchema.safeParse(specs.find(({ name }) => name === tool)?.inputSchema.json);
      return schema.success && input in (schema.data.properties ?? {});
    },
    length: request.messages.length,
  };
}

const ToolSchema = z.object({ properties: z.record(z.string(), z.unknown()).optional() });

function newTurn(prompt: string, notes: string[]): Turn {
  return { tasks: [{ prompt, after: 0 }], unanswered: [], steps: [], reply: "", notes };
}

/** Adds what a person wrote: to the turn that is being served, or as the next one. */
function hear(turns: Turn[], texts: readonly string[], { isSteering }: { isSteering: boolean }): void {
  const notes = texts.filter((text) => text.startsWith(note));
  const prompts = texts.filter((text) => !text.startsWith(note) && text.trim() !== "").map((text) => text.trim());
  const prompt = prompts.pop();
  const last = turns.at(-1);
  if (prompt === undefined) {
    last?.notes.push(...notes);
    return;
  }
  if (isSteering && last && last.reply === "") {
    for (const each of [...prompts, prompt]) last.tasks.push({ prompt: each, after: last.steps.length });
    return;
  }
  const turn = newTurn(prompt, notes);
  // A run that failed or was stopped before its first step leaves its request without an answer.
  if (last && last.reply === "" && last.steps.length === 0) {
    turns.pop();
    turn.unanswered.push(...last.unanswered, ...last.tasks.map((task) => task.prompt));
  }
  turn.unanswered.push(...prompts);
  turns.push(turn);
}

function takeResults(calls: ReadonlyMap<string, Done>, content: readonly ContentBlock[]): void {
  for (const block of content) {
    if (!("toolResult" in block)) continue;
    const { toolUseId, content: parts, status } = block.toolResult;
    const call = calls.get(toolUseId);
    if (!call) continue;
    call.output = parts.map((part) => ("text" in part ? String(part.text) : JSON.stringify(part))).join("\n");
    call.failed = status === "error" || /^(?:Error|Denied)\b/.test(call.output);
    if (call.name === "read_file" && !call.failed) Object.assign(call, readingOf(call.output));
  }
}

/** What the numbered lines of a reading are in their file. */
function readingOf(output: string): Pick<Done, "output" | "isPart"> {
  if (/^[^\n]* is empty\.$/.test(output)) return { output: "" };
  const unended = "\n[the last line has no line break]";
  const isUnended = output.endsWith(unended);
  const lines = (isUnended ? output.slice(0, -unended.length) : output).split("\n");
  const isWhole = lines.every((line, at) => line.startsWith(`${at + 1}: `) && !/… \[cut: \d+ characters/.test(line));
  if (!isWhole) return { output, isPart: true };
  return { output: lines.map((line) => line.slice(line.indexOf(": ") + 2)).join("\n") + (isUnended ? "" : "\n") };
}
