import type { ModelEvent } from "../converse.ts";
import type { CallFragment } from "./chunk.ts";

/**
 * Puts the fragments of tool calls together. OpenAI says that `index` tells which call a fragment belongs to; servers
 * send 0 for all, none at all, or indexes out of order, repeat ids and names, and use one id for two calls.
 */
export interface Calls {
  /** Takes a fragment. Yields what is certain already, so that a long input is seen while it is written. */
  take(fragment: CallFragment): Generator<ModelEvent>;
  /** Yields the rest: Bedrock sends calls one after another. */
  rest(): Generator<ModelEvent>;
  /** Why none of the calls can be trusted; undefined when they can. */
  fault(): string | undefined;
  /** Whether every input is a JSON object. One that is not may be the model's own fault, which it is told. */
  areWhole(): boolean;
  readonly count: number;
}

interface PendingCall {
  index: number | undefined;
  id: string;
  name: string;
  input: string;
  /** `begun`: it and its input so far are sent, and the rest is as it comes. */
  state: "waiting" | "begun" | "closed";
}

export function createCalls(knownNames: readonly string[]): Calls {
  const known = new Set(knownNames);
  const calls: PendingCall[] = [];
  let contradiction: string | undefined;

  /** The call that a fragment continues; undefined when it begins another. */
  function callOf({ index, id, name, input }: CallFragment): PendingCall | undefined {
    const here = index === undefined ? calls : calls.filter((call) => call.index === index);
    const named = id === "" ? undefined : (index === undefined ? calls : here).findLast((call) => call.id === id);
    const last = here.at(-1) ?? (id === "" && name === "" ? calls.at(-1) : undefined);
    const call = named ?? (last && continues(last, { id, name, input }) ? last : undefined);
    // Some servers use one id for all calls, and repeat the name with each fragment.
    const isAnother = call !== undefined && name !== "" && isWhole(call) && bringsMore(call, input);
    return isAnother ? undefined : call;
  }

  function continues(last: PendingCall, { id, name, input }: Omit<CallFragment, "index">): boolean {
    if (id === "" || last.id === "") return true;
    // Its id is new: another call, unless this can only be the middle of one. Some servers make an id for each fragment.
    if (isWhole(last)) return false;
    if (name === "") return true;
    return name === last.name && last.input !== "" && typeof input === "string" && !input.trimStart().startsWith("{");
  }

  /** Under an id of its own, as Bedrock gives each call: a server's may be empty, or that of another. */
  function announced(call: PendingCall): ModelEvent {
    return { type: "tool", id: `call_${calls.indexOf(call)}`, name: call.name };
  }

  function isWhole(call: PendingCall): boolean {
    return asObject(call.input) !== undefined;
  }

  /** Adds to the input, and resolves to what was added; undefined when it was replaced. */
  function append(call: PendingCall, fragment: CallFragment["input"]): string | undefined {
    const before = call.input;
    if (typeof fragment !== "string") {
      call.input = JSON.stringify(fragment);
      return call.input === before ? "" : undefined;
    }
    // Some servers send the whole input so far each time.
    const isWholeSoFar = before.length >= 4 && fragment.length >= before.length && fragment.startsWith(before);
    const added = isWholeSoFar ? fragment.slice(before.length) : fragment;
    call.input += added;
    return added;
  }

  /** Only what cannot change any more is sent: a name may come in pieces, and an input may be JSON in quotes. */
  function* begin(call: PendingCall): Generator<ModelEvent> {
    if (call.state !== "waiting" || !known.has(call.name) || !call.input.startsWith("{")) return;
    call.state = "begun";
    yield announced(call);
    yield { type: "tool-input", text: call.input };
  }

  /** For Bedrock a call ends when the next one begins. */
  function* closeWhole(): Generator<ModelEvent> {
    for (const [at, call] of calls.entries()) {
      if (call.state === "closed") continue;
      if (call.state === "waiting" || !isWhole(call)) return;
      call.state = "closed";
      const next = calls[at + 1];
      if (next) yield* begin(next);
    }
  }

  return {
    get count() {
      return calls.length;
    },
    *take(fragment) {
      const { index, id, name, input } = fragment;
      let call = callOf(fragment);
      if (call === undefined) {
        // A server that knows nothing of the call yet.
        if (id === "" && name === "" && input === "") return;
        yield* closeWhole();
        call = { index, id, name: "", input: "", state: "waiting" };
        calls.push(call);
      }
      call.id ||= id;
      if (!known.has(call.name) && name !== call.name) call.name = name.startsWith(call.name) ? name : call.name + name;
      const added = append(call, input);
      if (call.state === "waiting") {
        if (calls.find(({ state }) => state !== "closed") === call) yield* begin(call);
      } else if (added === undefined || (call.state === "closed" && added.trim() !== "")) {
        contradiction = `the input of the call of "${call.name}" changed after its end`;
      } else if (added !== "" && call.state === "begun") yield { type: "tool-input", text: added };
    },
    *rest() {
      for (const call of calls) {
        if (call.state === "waiting") {
          yield announced(call);
          yield { type: "tool-input", text: unquoted(call.input) };
        }
        call.state = "closed";
      }
    },
    fault() {
      if (contradiction !== undefined) return contradiction;
      return calls.some(({ name }) => name === "") ? "a tool call has no name" : undefined;
    },
    areWhole: () => calls.every(({ input }) => asObject(unquoted(input)) !== undefined),
  };
}

/** Whether what follows a whole input is another call's, and not the same again. */
function bringsMore(call: PendingCall, input: CallFragment["input"]): boolean {
  const text = typeof input === "string" ? input : JSON.stringify(input);
  return text.trim() !== "" && !text.startsWith(call.input);
}

/** An empty input is an empty object, and JSON inside a JSON string is that JSON. */
function unquoted(input: string): string {
  const trimmed = input.trim();
  if (trimmed === "" || trimmed === "null") return "{}";
  if (!trimmed.startsWith('"')) return input;
  const inner = parsed(trimmed);
  return typeof inner === "string" && asObject(inner) !== undefined ? inner : input;
}

function asObject(json: string): object | undefined {
  // An input that is still growing is asked about with every fragment.
  if (!/^\s*\{/.test(json) || !/\}\s*$/.test(json.slice(-20))) return undefined;
  const value = parsed(json);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
