import { ErrorBody } from "@slipway/contract/error";
import { text } from "#text/common.ts";
import type { z } from "zod";
import { ApiError } from "./api-error.ts";
import { parseJson } from "./parsing.ts";

/**
 * Calls the API by the contract's routes: `await call(getProject, { params: { id } })`. The route types the request, and its
 * schema parses the reply, so nothing untyped enters the page.
 */
interface Route {
  method: string;
  path: string;
  request?: { params?: z.ZodType; query?: z.ZodType; headers?: z.ZodType; body?: Json };
  responses: Record<number, Json>;
}
interface Json {
  content: { "application/json": { schema: z.ZodType } };
}

type SchemaOf<T> = T extends { content: { "application/json": { schema: infer S extends z.ZodType } } } ? S : never;
type Reply<R extends Route> = z.output<SchemaOf<R["responses"][keyof R["responses"]]>>;

/** Values as the server reads them. Parameters with a default may be left out. */
type Query<S extends z.ZodType> = {
  [Name in keyof z.input<S>]: Name extends keyof z.output<S> ? z.output<S>[Name] : never;
};
type GivenParams<R> = R extends { params: infer S extends z.ZodType } ? { params: z.input<S> } : unknown;
type GivenQuery<R> = R extends { query: infer S extends z.ZodType }
  ? object extends z.input<S>
    ? { query?: Query<S> }
    : { query: Query<S> }
  : unknown;
type GivenBody<R> = R extends { body: infer Body } ? { body: z.input<SchemaOf<Body>> } : unknown;
/** The revision that a change is based on. */
type GivenRevision<R> = R extends { headers: z.ZodType } ? { rev?: number | undefined } : unknown;
type Given<R extends Route> = GivenParams<R["request"]> &
  GivenQuery<R["request"]> &
  GivenBody<R["request"]> &
  GivenRevision<R["request"]> &
  Options;
type Arguments<R extends Route> = object extends Given<R> ? [given?: Given<R>] : [given: Given<R>];

interface Options {
  /** Outlives the page; 64 KB at most. */
  keepalive?: boolean;
  signal?: AbortSignal | undefined;
}
interface Request extends Options {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  rev?: number | undefined;
}

const signedOut = new Set<() => void>();

/** Calls the listener when a call is refused because nobody is signed in. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

const reachable = new Set<() => void>();
let isUnreachable = false;

/** Calls the listener at the first reply after the server could not be reached: what failed then can be done now. */
export function onReachable(listener: () => void): () => void {
  reachable.add(listener);
  return () => reachable.delete(listener);
}

function noteReply(): void {
  if (!isUnreachable) return;
  isUnreachable = false;
  for (const listener of reachable) listener();
}

/** @throws ApiError; an aborted signal throws as `fetch` does */
export async function call<const R extends Route>(route: R, ...[given]: Arguments<R>): Promise<Reply<R>>;
export async function call(route: Route, request: Request = {}): Promise<unknown> {
  const { status, value } = await send(route, request);
  if (status >= 400) throw failure(status, value);
  const parsed = route.responses[status]?.content["application/json"].schema.safeParse(value);
  if (parsed?.success) return parsed.data;
  // The server is newer than this page, or a proxy answered.
  throw new ApiError(status, "unexpected_reply", text.replyNotUnderstood);
}

async function send(route: Route, request: Request): Promise<{ status: number; value: unknown }> {
  const { params = {}, query = {}, body, rev, keepalive = false, signal } = request;
  const url = pathOf(route.path, params) + searchOf(query);
  const method = route.method.toUpperCase();
  const headers: Record<string, string> = {};
  if (body !== undefined) headers["content-type"] = "application/json";
  if (rev !== undefined) headers["if-match"] = `"${rev}"`;
  try {
    const early = method === "GET" ? takeFirst(url) : undefined;
    const reply = await (early ??
      fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        keepalive,
        signal: signal ?? null,
      }));
    const value = parseJson(await reply.text());
    noteReply();
    return { status: reply.status, value };
  } catch (error) {
    if (signal?.aborted) throw error;
    isUnreachable = true;
    throw new ApiError(0, "offline", text.serverUnreachable);
  }
}

const ErrorReply = ErrorBody.pick({ error: true });

function failure(status: number, value: unknown): ApiError {
  const parsed = ErrorReply.safeParse(value);
  if (!parsed.success) return new ApiError(status, "internal", text.somethingWentWrong);
  const { code, message, ...details } = parsed.data.error;
  if (code === "not_signed_in") for (const listener of signedOut) listener();
  return new ApiError(status, code, message, details);
}

/**
 * `{name}` is one segment; `{name{…}}` a file's path, whose slashes stay.
 * @throws ApiError for a path that a browser would resolve to another
 */
function pathOf(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)(\{[^}]+\})?\}/g, (_, name: string, isPath?: string) => {
    const value = params[name] ?? "";
    const segments = isPath ? value.split("/") : [value];
    if (segments.some((segment) => segment === "." || segment === ".."))
      throw new ApiError(422, "invalid_path", text.invalidPath);
    return segments.map(encodeURIComponent).join("/");
  });
}

function searchOf(query: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ""
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}

/** The request that the page's first script has made, once; see `entry-server.tsx`. */
function takeFirst(url: string): Promise<Response> | undefined {
  if (typeof window === "undefined") return undefined;
  const holder = window as { firstFile?: { path: string; reply: Promise<Response> } | undefined };
  if (holder.firstFile?.path !== url) return undefined;
  const { reply } = holder.firstFile;
  holder.firstFile = undefined;
  return reply;
}
