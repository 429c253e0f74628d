import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";
import type { ModelChoice } from "../config.ts";
import { AwsError, authenticate, closeServer, listenOnLoopback, readBody, requireGrant } from "../endpoint.ts";
import { bug } from "../log.ts";
import type { Principal } from "../principal.ts";
import type { Service } from "../service.ts";
import { ConverseRequest, type ContentBlock, type Model, type ModelEvent, type Usage } from "./converse.ts";
import { counted } from "./counted.ts";
import { demoModel } from "./demo/demo.ts";
import { toFrames, withTotal, type Sign } from "./event-stream.ts";
import { forwardToBedrock } from "./forward.ts";
import { openAiCompatible } from "./openai-compatible.ts";
import { createPromptCache } from "./prompt-cache.ts";
import { ModelRefusal } from "./refusal.ts";
import { baseModel, servedModel, unknownModel, type ServedModel } from "./served-models.ts";
import { withShownThinking } from "./shown-thinking.ts";
import { validateRequest } from "./strict/validate.ts";
import { createThinkingSeal, saidIn, type Said } from "./thinking-seal.ts";

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
  script?: ((request: ConverseRequest, modelID: string) => AsyncIterable<ModelEvent> | undefined) | undefined;
  /** For tests: models besides the demo, by id. */
  models?: Readonly<Record<string, ServedModel>> | undefined;
  /** Thinking that is signed with it outlives a restart. */
  key: string;
  /** Whether thinking comes back only behind the very conversation that it was sent in. */
  bindsThinking?: boolean;
  /** For tests: milliseconds since 1970. */
  now?: () => number;
}

export const bedrock: Service = {
  async start({ options, principals, secrets }) {
    const { model, demoPace, script, models } = options;
    const { url, close } = await startBedrock({
      principals: Object.values(principals),
      model,
      pace: demoPace,
      script,
      models,
      key: secrets.dataKey,
    });
    return { endpoints: { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url }, close };
  },
};

const bodyLimit = 25 * 1024 * 1024;

export async function startBedrock(options: BedrockOptions): Promise<{ url: string; close(): Promise<void> }> {
  const demo = demoModel({ pace: options.pace ?? 1 });
  const chosen = options.model.kind === "openai-compatible" ? openAiCompatible(options.model) : undefined;
  const seal = createThinkingSeal(options.key, { bindsPrefix: options.bindsThinking ?? true });
  const cache = createPromptCache(options.now);
  const isOwn = (modelID: string) => modelID === "demo" || Object.hasOwn(options.models ?? {}, modelID);
  const model: Model = (request, signal, modelID) =>
    options.script?.(request, modelID) ?? (isOwn(modelID) || !chosen ? demo : chosen)(request, signal, modelID);

  function served(modelID: string): ServedModel {
    const own = isOwn(modelID) ? (options.models?.[modelID] ?? servedModel(modelID)) : chosen && unknownModel;
    if (own !== undefined) return own;
    if (servedModel(modelID) === undefined)
      throw new ModelRefusal(400, "ValidationException", "The provided model identifier is invalid.");
    const message = "You don't have access to the model with the specified model ID.";
    throw new ModelRefusal(403, "AccessDeniedException", message);
  }

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
      if (options.model.kind === "bedrock" && !isOwn(modelID)) {
        return await forwardToBedrock({
          region: options.model.region,
          path: request.url ?? "",
          body,
          response,
          signal: aborted.signal,
        });
      }
      const serves = served(modelID);
      const parsed = ConverseRequest.safeParse(JSON.parse(body.toString()));
      if (!parsed.success) throw new ModelRefusal(400, "ValidationException", z.prettifyError(parsed.error));
      const asked = parsed.data;
      validateRequest(asked, serves);
      const name = baseModel(modelID);
      const rules = serves.thinking;
      if (rules) seal.verify(name, asked);
      const all = counted(model(asked, aborted.signal, modelID), () => cache.use(name, asked, serves.cache));
      const events = withShownThinking(all, asked, rules);
      const sign: Sign | undefined = rules && ((thinking) => seal.sign(name, asked, thinking));
      if (streams) await stream(toFrames(events, sign), response);
      else await whole(events, response, sign);
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

async function stream(frames: AsyncGenerator<Uint8Array | "cut">, response: ServerResponse): Promise<void> {
  // A refusal before the first event has its own HTTP status.
  let next = await frames.next();
  response.writeHead(200, { "content-type": "application/vnd.amazon.eventstream", "x-amzn-requestid": randomUUID() });
  for (; next.done !== true; next = await frames.next()) {
    if (response.destroyed) return void (await frames.return(undefined));
    if (next.value === "cut") return void response.destroy();
    response.write(next.value);
  }
  response.end();
}

async function whole(
  events: AsyncIterable<ModelEvent>,
  response: ServerResponse,
  sign: Sign | undefined,
): Promise<void> {
  const content: ContentBlock[] = [];
  const inputs = new Map<number, string>();
  let stopReason = "end_turn";
  let usage: Usage | undefined;
  for await (const event of events) {
    const last = content.at(-1);
    if (event.type === "text") {
      if (last && "text" in last) last.text += event.text;
      else content.push({ text: event.text });
    } else if (event.type === "reasoning") {
      const thought = last && "reasoningContent" in last && last.reasoningContent;
      if (thought && "reasoningText" in thought) thought.reasoningText.text += event.text;
      else content.push({ reasoningContent: { reasoningText: { text: event.text } } });
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
  if (sign) signAll(content, sign);
  const body = {
    output: { message: { role: "assistant", content } },
    stopReason,
    ...withTotal(usage),
    metrics: { latencyMs: 1 },
  };
  response
    .writeHead(200, { "content-type": "application/json", "x-amzn-requestid": randomUUID() })
    .end(JSON.stringify(body));
}

function signAll(content: readonly ContentBlock[], sign: Sign): void {
  const before: Said[] = [];
  for (const block of content) {
    if ("reasoningContent" in block && "reasoningText" in block.reasoningContent) {
      const { reasoningText } = block.reasoningContent;
      reasoningText.signature = sign({ before, text: reasoningText.text });
    }
    before.push(...saidIn(block));
  }
}
