import type { LanguageModelMiddleware } from "ai";

type WrapStream = NonNullable<LanguageModelMiddleware["wrapStream"]>;
type ModelStream = Awaited<ReturnType<WrapStream>>["stream"];

/** A part of a provider's stream, before the SDK has read it. */
export type StreamPart = ModelStream extends ReadableStream<infer Part> ? Part : never;
