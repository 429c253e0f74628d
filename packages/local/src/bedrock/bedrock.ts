import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { EventStreamCodec } from "@smithy/eventstream-codec";
import { z } from "zod";
import type { ModelChoice } from "../config.ts";
import { AwsError, authenticate, closeServer, listenOnLoopback, readBody, requireGrant } from "../endpoint.ts";
import { bug } from "../log.ts";
import type { Principal } from "../principal.ts";
import type { Service } from "../service.ts";
import { ConverseRequest, ModelRefusal, validateConversation, type Model, type ModelEvent } from "./converse.ts";
import { demoModel } from "./demo/demo.ts";
import { forwardToBedrock } from "./forward.ts";
import { openAiCompatible } from "./openai-compatible.ts";

/**
 * Bedrock Runtime: `converse-stream` with real event-stream framing, and `converse`. Behind it is the demo model, a server
 * with an OpenAI-compatible API, or Bedrock itself.
 */
export interface BedrockOptions {
  principals: readonly Principal[];
  model: ModelChoice;
  /** 1 streams the demo model at a human pace, 0 at once. */
  pace?: number;
  /** For tests: replaces the model for requests where it returns something. */
  script?: ((request: ConverseRequest) => AsyncIterable<ModelEvent> | undefined) | undefined;
}

export const bedrock: Service = {
  async start({ options, principals }) {
    const { model, demoPace, script } = options;
    const { url, close } = await startBedrock({ principals: Object.values(principals), model, pace: demoPace, script });
    return { endpoints: { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url }, close };
  },
};

const bodyLimit = 25 * 1024 * 1024;

async function startBedrock(options: BedrockOptions): Promise<{ url: string; close(): Promise<void> }> {
  const demo = demoModel({ pace: options.pace ?? 1 });
  const chosen = options.model.kind === "openai-compatible" ? openAiCompatible(options.model) : undefined;
  const model: Model = (request, signal, modelID) =>
    options.script?.(request) ?? (modelID === "demo" || !chosen ? demo : chosen)(request, signal, modelID);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const aborted = new AbortController();
    response.on("close", () => aborted.abort());
    const found = /^\/model\/([^/]+)\/(converse|converse-stream)$/.exec(request.url ?? "");
    try {
      const body = await readBody(request, bodyLimit);
      const principal = authenticate(request, body, { principals: options.principals, encodesPathAgain: true });
      const streams = found?.[2] === "converse-stream";
      requireGrant(principal, streams ? "bedrock:InvokeModelWithResponseStream" : "bedrock:InvokeModel", "model");
      if (found === null || request.method !== "POST")
        throw new ModelRefusal(404, "UnknownOperationException", "No such operation.");
      const modelID = decodeURIComponent(found[1] ?? "");
      if (options.model.kind === "bedrock" && modelID !== "demo") {
        return await forwardToBedrock({
          region: options.model.region,
          path: request.url ?? "",
          body,
          response,
          signal: aborted.signal,
        });
      }
      if (modelID !== "demo" && !chosen) {
        throw new ModelRefusal(400, "ValidationException", `The provided model identifier is invalid: ${modelID}`);
      }
      const parsed = ConverseRequest.safeParse(JSON.parse(body.toString()));
      if (!parsed.success) throw new ModelRefusal(400, "ValidationException", z.prettifyError(parsed.error));
      validateConversation(parsed.data);
      const events = model(parsed.data, aborted.signal, modelID);
      if (streams) await stream(events, response);
      else await whole(events, response);
    } catch (error) {
      refuse(error, response, aborted.signal);
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  server.requestTimeout = 0;
  const url = await listenOnLoopback(server);
  return { url, close: () => closeServer(server) };
}

function refuse(error: unknown, response: ServerResponse, signal: AbortSignal): void {
  if (signal.aborted || response.headersSent) {
    response.destroy();
    return;
  }
  const known =
    error instanceof ModelRefusal
      ? error
      : error instanceof AwsError
        ? new ModelRefusal(error.status, error.code, error.message)
        : new ModelRefusal(500, "InternalServerException", "Internal error");
  if (known.errorType === "InternalServerException") bug("bedrock", error);
  const headers = {
    "content-type": "application/json",
    "x-amzn-requestid": randomUUID(),
    "x-amzn-errortype": known.errorType,
    ...(known.retryAfter === undefined ? {} : { "retry-after": known.retryAfter }),
  };
  response.writeHead(known.status, headers).end(JSON.stringify({ message: known.message }));
}

const encoder = new TextEncoder();
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("utf8")),
  (text) => encoder.encode(text),
);

function frame(kind: "event" | "exception", name: string, body: unknown): Uint8Array {
  const text = (value: string) => ({ type: "string" as const, value });
  return codec.encode({
    headers: {
      [`:${kind}-type`]: text(name),
      ":content-type": text("application/json"),
      ":message-type": text(kind),
    },
    body: encoder.encode(JSON.stringify(body)),
  });
}

async function stream(events: AsyncIterable<ModelEvent>, response: ServerResponse): Promise<void> {
  // A refusal before the first event has its own HTTP status.
  const iterator = events[Symbol.asyncIterator]();
  let next = await iterator.next();
  response.writeHead(200, { "content-type": "application/vnd.amazon.eventstream", "x-amzn-requestid": randomUUID() });
  const send = (name: string, body: unknown) => response.write(frame("event", name, body));
  send("messageStart", { role: "assistant" });
  let index = -1;
  let open: ModelEvent["type"] | undefined;
  const close = () => {
    if (open !== undefined) send("contentBlockStop", { contentBlockIndex: index });
    open = undefined;
  };
  const ensure = (type: "text" | "reasoning") => {
    if (open === type) return;
    close();
    index++;
    open = type;
  };
  for (; next.done !== true; next = await iterator.next()) {
    if (response.destroyed) return void (await iterator.return?.());
    const event = next.value;
    switch (event.type) {
      case "text":
        ensure("text");
        send("contentBlockDelta", { contentBlockIndex: index, delta: { text: event.text } });
        break;
      case "reasoning":
        ensure("reasoning");
        send("contentBlockDelta", { contentBlockIndex: index, delta: { reasoningContent: { text: event.text } } });
        break;
      case "tool":
        close();
        index++;
        open = "tool";
        send("contentBlockStart", {
          contentBlockIndex: index,
          start: { toolUse: { toolUseId: event.id, name: event.name } },
        });
        break;
      case "tool-input":
        send("contentBlockDelta", { contentBlockIndex: index, delta: { toolUse: { input: event.text } } });
        break;
      case "stop":
        close();
        send("messageStop", { stopReason: event.reason });
        send("metadata", { usage: withTotal(event.usage), metrics: { latencyMs: 1 } });
        break;
      case "exception":
        response.end(frame("exception", event.name, { message: event.message }));
        return;
      case "cut":
        if (event.how === "socket") response.destroy();
        else if (event.how === "half-frame") response.end(frame("event", "messageStop", {}).subarray(0, 20));
        else response.end();
        return;
    }
  }
  response.end();
}

async function whole(events: AsyncIterable<ModelEvent>, response: ServerResponse): Promise<void> {
  const content: ({ text: string } | { toolUse: { toolUseId: string; name: string; input: unknown } })[] = [];
  const inputs = new Map<number, string>();
  let stopReason = "end_turn";
  let usage = { inputTokens: 0, outputTokens: 0 };
  for await (const event of events) {
    const last = content.at(-1);
    if (event.type === "text") {
      if (last && "text" in last) last.text += event.text;
      else content.push({ text: event.text });
    } else if (event.type === "tool") {
      content.push({ toolUse: { toolUseId: event.id, name: event.name, input: {} } });
    } else if (event.type === "tool-input") {
      inputs.set(content.length - 1, (inputs.get(content.length - 1) ?? "") + event.text);
    } else if (event.type === "stop") {
      stopReason = event.reason;
      usage = event.usage;
    } else if (event.type === "exception") throw new ModelRefusal(500, event.name, event.message);
  }
  for (const [index, json] of inputs) {
    const block = content[index];
    if (block && "toolUse" in block) block.toolUse.input = JSON.parse(json || "{}");
  }
  const body = {
    output: { message: { role: "assistant", content } },
    stopReason,
    usage: withTotal(usage),
    metrics: { latencyMs: 1 },
  };
  response
    .writeHead(200, { "content-type": "application/json", "x-amzn-requestid": randomUUID() })
    .end(JSON.stringify(body));
}

function withTotal(usage: { inputTokens: number; outputTokens: number }) {
  return { ...usage, totalTokens: usage.inputTokens + usage.outputTokens };
}
