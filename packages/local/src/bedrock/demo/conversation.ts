import type { ContentBlock, ConverseRequest } from "../converse.ts";

/** A conversation as the demo model reads it: the current request, its finished steps, and earlier requests. */
export interface Conversation {
  /** The newest message. */
  prompt: string;
  /** Finished steps of this run. */
  steps: Step[];
  /** Earlier requests, oldest first. */
  earlier: { prompt: string; steps: Step[] }[];
  tools: ReadonlySet<string>;
  /** Slipway's notes beside the newest message: what was reverted, mentioned or attached. */
  notes: string[];
  /** Number of messages, for unique ids. */
  length: number;
}
export interface Step {
  calls: Done[];
}
export interface Done {
  name: string;
  input: Record<string, unknown>;
  output: string;
  failed: boolean;
}

export function readConversation(request: ConverseRequest): Conversation {
  const turns: { prompt: string; steps: Step[]; notes: string[] }[] = [];
  for (const { role, content } of request.messages) {
    const texts = content.flatMap((block) => ("text" in block ? [block.text] : []));
    const notes = texts.filter((text) => text.startsWith("<slipway-note>"));
    const text = texts.filter((each) => !notes.includes(each)).join("\n");
    if (role === "user") {
      takeResults(turns.at(-1)?.steps.at(-1), content);
      if (text.trim() !== "") turns.push({ prompt: text.trim(), steps: [], notes });
      continue;
    }
    const calls = content.flatMap((block) => ("toolUse" in block ? [block.toolUse] : []));
    if (calls.length > 0) {
      turns.at(-1)?.steps.push({
        calls: calls.map(({ toolUseId, name, input }) => ({
          id: toolUseId,
          name,
          input: (input ?? {}) as Record<string, unknown>,
          output: "",
          failed: true,
        })),
      });
    }
  }
  const now = turns.pop() ?? { prompt: "", steps: [], notes: [] };
  const tools = (request.toolConfig?.tools ?? []).flatMap((tool) => ("toolSpec" in tool ? [tool.toolSpec.name] : []));
  return { ...now, earlier: turns, tools: new Set(tools), length: request.messages.length };
}

function takeResults(step: Step | undefined, content: readonly ContentBlock[]): void {
  for (const block of content) {
    if (!("toolResult" in block)) continue;
    const { toolUseId, content: parts, status } = block.toolResult;
    const call = step?.calls.find((each) => "id" in each && each.id === toolUseId);
    if (!call) continue;
    call.output = parts.map((part) => ("text" in part ? String(part.text) : JSON.stringify(part))).join("\n");
    call.failed = status === "error" || /^(?:Error|Denied)/.test(call.output);
  }
}
