import type { ContentBlock, ConverseMessage, ConverseRequest } from "../converse.ts";
import { answer, type Answer } from "./answer.ts";

/** For tests: a person who asks the demo model, with real tools over files in memory. */
export class Person {
  readonly files = new Map<string, string>();
  readonly messages: ConverseMessage[] = [];
  /** Tools that fail, and what they say. */
  readonly refuses = new Map<string, string>();
  /** Matches of one search, after which it stops. */
  searchLimit = Infinity;
  /** Runs a command over the files, as the sandbox does; without it there is no such tool. */
  runs: ((command: string, files: ReadonlyMap<string, string>) => string) | undefined;
  /** What the person says after so many steps of the next request. */
  steer: { after: number; text: string } | undefined;
  /** What Slipway tells about the project, after its name. */
  about = "";
  calls: string[] = [];
  texts: string[] = [];

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [path, content] of Object.entries(files)) this.files.set(path, content);
  }

  /** The closing text. */
  ask(...prompts: string[]): string {
    this.calls = [];
    this.texts = [];
    this.#user([
      ...prompts.slice(0, -1).map((text) => ({ text })),
      { text: `<slipway-note>\nThe project is called "test".\n${this.about}</slipway-note>` },
      { text: prompts.at(-1) ?? "" },
    ]);
    for (let step = 0; step < 70; step++) {
      const said: Answer = answer(this.request());
      this.texts.push(said.text);
      const content: ContentBlock[] = [
        ...(said.text ? [{ text: said.text }] : []),
        ...said.tools.map(({ id, name, input }) => ({ toolUse: { toolUseId: id, name, input } })),
      ];
      this.messages.push({ role: "assistant", content });
      if (said.tools.length === 0) return said.text;
      if (new Set(said.tools.map(({ id }) => id)).size < said.tools.length) throw new Error("ids are not unique");
      const results = said.tools.map(({ id, name, input }) => ({
        toolResult: { toolUseId: id, ...this.#run(name, input) },
      }));
      const steering = this.steer?.after === step + 1 ? [{ text: this.steer.text }] : [];
      this.#user([...results, ...steering]);
    }
    throw new Error("it does not come to an end");
  }

  request(): ConverseRequest {
    const names = ["list_files", "read_file", "create_file", "edit_file", "rename_file", "delete_files", "fetch_url"];
    if (this.runs) names.push("run_command");
    const tools = [
      ...names.map((name) => ({ toolSpec: { name, inputSchema: { json: {} } } })),
      { toolSpec: { name: "search_files", inputSchema: { json: { properties: { pattern: {}, after: {} } } } } },
    ];
    return structuredClone({ messages: this.messages, system: [], toolConfig: { tools } });
  }

  #user(content: ContentBlock[]): void {
    this.messages.push({ role: "user", content });
  }

  #run(name: string, input: Record<string, unknown>): { content: { text: string }[]; status: "success" | "error" } {
    this.calls.push(name);
    const refusal = this.refuses.get(name);
    try {
      if (refusal !== undefined) return { content: [{ text: refusal }], status: "error" };
      return { content: [{ text: this.#tool(name, input) }], status: "success" };
    } catch (error) {
      return { content: [{ text: `Error: ${error instanceof Error ? error.message : ""}` }], status: "error" };
    }
  }

  #tool(name: string, input: Record<string, unknown>): string {
    const path = String(input.path);
    const content = this.files.get(path);
    switch (name) {
      case "list_files":
        return this.files.size === 0 ? "The project is empty." : [...this.files.keys()].sort().join("\n");
      case "read_file":
        if (content === undefined) throw new Error(`There is no "${path}".`);
        return numbered(path, content);
      case "search_files":
        return this.#search(input);
      case "create_file":
        if (content !== undefined) throw new Error(`"${path}" already exists.`);
        this.files.set(path, String(input.content));
        return `Created ${path}.`;
      case "edit_file":
        this.files.set(path, edited(content, path, input.edits));
        return `Edited ${path}.`;
      case "rename_file":
        if (content === undefined) throw new Error(`There is no "${path}".`);
        this.files.delete(path);
        this.files.set(String(input.newPath), content);
        return "Moved.";
      case "run_command":
        return this.runs?.(String(input.command), this.files) ?? "";
      case "delete_files":
        for (const each of Array.isArray(input.paths) ? input.paths : []) this.files.delete(String(each));
        return "Deleted.";
      default:
        throw new Error(`there is no tool "${name}".`);
    }
  }

  #search(input: Record<string, unknown>): string {
    const pattern = new RegExp(String(input.pattern), input.caseSensitive ? "" : "i");
    const paths = [...this.files.keys()].sort().filter((path) => typeof input.after !== "string" || path > input.after);
    if (input.kind === "name")
      return paths.filter((path) => pattern.test(path)).join("\n") || `Nothing matches ${String(input.pattern)}.`;
    const hits: string[] = [];
    for (const [index, path] of paths.entries()) {
      for (const [line, text] of (this.files.get(path) ?? "").split("\n").entries()) {
        if (pattern.test(text)) hits.push(`${path}:${line + 1}: ${text}`);
      }
      if (hits.length >= this.searchLimit && index < paths.length - 1) {
        return `${hits.join("\n")}\n\nNot searched whole:\nStopped at a limit after ${index + 1} files; files after "${path}" were not searched. Narrow the pattern or the path.`;
      }
    }
    return hits.length === 0 ? `Nothing matches ${String(input.pattern)}.` : hits.join("\n");
  }
}

function numbered(path: string, content: string): string {
  if (content === "") return `${path} is empty.`;
  const lines = content.replace(/\n$/, "").split("\n");
  const shown = lines.map((line, at) => `${at + 1}: ${line}`).join("\n");
  return content.endsWith("\n") ? shown : `${shown}\n[the last line has no line break]`;
}

interface Edit {
  oldText: string;
  newText: string;
  replaceAll?: boolean;
}

function edited(content: string | undefined, path: string, edits: unknown): string {
  if (content === undefined) throw new Error(`There is no "${path}".`);
  return (Array.isArray(edits) ? edits : []).reduce((text: string, { oldText, newText, replaceAll }: Edit) => {
    const parts = text.split(oldText);
    if (parts.length < 2) throw new Error(`oldText does not occur in ${path}.`);
    if (parts.length > 2 && !replaceAll) throw new Error(`oldText occurs in ${path} more than once.`);
    return parts.join(newText);
  }, content);
}
