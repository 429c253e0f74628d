import { join } from "node:path";
import { machineOf } from "@slipway/local/config";
import { startCloud, type Cloud, type CloudOptions } from "@slipway/local/cloud";
import type { ConverseRequest, ModelEvent } from "@slipway/local/bedrock/converse";
import { temporaryFolder } from "./stack.ts";

export type { Cloud } from "@slipway/local/cloud";

/** The built product on the local cloud inside this process, for tests that reach behind the API. */
export async function cloudWith(options: Partial<CloudOptions> = {}): Promise<Cloud & { remove(): Promise<void> }> {
  const folder = temporaryFolder();
  const cloud = await startCloud({
    ...machineOf(),
    root: join(import.meta.dirname, "../.."),
    data: folder.path,
    port: 0,
    host: "localhost",
    model: { kind: "demo" },
    planLimits: { free: 5, pro: 15 },
    adminEmails: [],
    authProviders: "[]",
    demoPace: 0,
    socketIdle: 600_000,
    socketLifetime: 7_200_000,
    ...options,
  });
  return {
    ...cloud,
    async remove() {
      await cloud.close();
      folder.remove();
    },
  };
}

/** One step of a scripted model. */
export interface Said {
  thinking?: string;
  text?: string;
  tools?: { name: string; input: unknown }[];
  /** Milliseconds between words. */
  pace?: number;
  /** Says no more after its text, and does not end. */
  hang?: boolean;
  /** Breaks off after its text. */
  cut?: boolean;
}

/** Steps that the model has taken since the newest run began. */
export function stepsTaken(request: ConverseRequest): number {
  const last = request.messages.findLastIndex(({ content }) =>
    content.some((block) => "text" in block && block.text.startsWith("<slipway-note>\nThe project is called")),
  );
  return request.messages.slice(last).filter(({ role }) => role === "assistant").length;
}

export function isTitle(request: ConverseRequest): boolean {
  return request.system.some((block) => "text" in block && block.text.includes("title of 3 to 6 words"));
}

/** The newest message in a request. */
export function lastText(request: ConverseRequest): string {
  const texts = request.messages.flatMap(({ role, content }) =>
    role === "user" ? content.flatMap((block) => ("text" in block ? [block.text] : [])) : [],
  );
  return texts.at(-1) ?? "";
}

/** The latest tool results in a request. */
export function lastResults(request: ConverseRequest): string[] {
  return (request.messages.at(-1)?.content ?? []).flatMap((block) =>
    "toolResult" in block ? block.toolResult.content.map((part) => ("text" in part ? String(part.text) : "")) : [],
  );
}

export async function* speak(said: Said): AsyncGenerator<ModelEvent> {
  const wait = () => new Promise((resolve) => setTimeout(resolve, said.pace ?? 0));
  if (said.thinking !== undefined) yield { type: "reasoning", text: said.thinking };
  for (const word of (said.text ?? "").split(/(?<= )/)) {
    if (said.pace) await wait();
    if (word !== "") yield { type: "text", text: word };
  }
  if (said.hang) await new Promise(() => undefined);
  if (said.cut) return yield { type: "cut", how: "no-stop" };
  for (const { name, input } of said.tools ?? []) {
    yield { type: "tool", id: `tool_${Math.random().toString(36).slice(2)}`, name };
    yield { type: "tool-input", text: JSON.stringify(input) };
  }
  yield { type: "stop", reason: said.tools?.length ? "tool_use" : "end_turn" };
}
