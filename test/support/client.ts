import { WebSocket } from "ws";
import { ServerMessage, type ClientMessage } from "@slipway/contract/socket";
import type { RunEvent, Run } from "@slipway/contract/run";
import { z } from "zod";
import { expectContract } from "./contract.ts";
import { patience } from "./patience.ts";

/** An HTTP client with a browser's cookies and headers. */
export interface Client {
  readonly origin: string;
  request(method: string, path: string, options?: RequestOptions): Promise<Reply>;
  get(path: string): Promise<Reply>;
  post(path: string, body?: unknown): Promise<Reply>;
  /** For a browser that is to be signed in as the same person. */
  cookies(): ReadonlyMap<string, string>;
}

export interface RequestOptions {
  body?: unknown;
  /** Sent verbatim, instead of `body` as JSON. */
  raw?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  redirect?: "manual" | "follow";
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON of unknown shape; tests assert what they expect. */
  json(): Json;
}
export interface Json {
  [key: string]: Json;
}

export function createClient(origin: string): Client {
  const jar = new Map<string, string>();

  async function request(method: string, path: string, options: RequestOptions = {}): Promise<Reply> {
    const headers: Record<string, string> = { origin, "sec-fetch-site": "same-origin", ...options.headers };
    if (jar.size > 0) headers.cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const hasBody = options.raw !== undefined || options.body !== undefined;
    if (hasBody) headers["content-type"] ??= "application/json";
    const response = await fetch(new URL(path, origin), {
      method,
      headers,
      redirect: options.redirect ?? "manual",
      ...(hasBody ? { body: options.raw ?? JSON.stringify(options.body) } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const at = pair.indexOf("=");
      const value = pair.slice(at + 1);
      if (value === "" || /max-age=0/i.test(cookie)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), value);
    }
    const text = await response.text();
    expectContract(method, path, response.status, text);
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as Json };
  }

  return {
    origin,
    request,
    get: (path) => request("GET", path),
    post: (path, body) => request("POST", path, body === undefined ? {} : { body }),
    cookies: () => jar,
  };
}

export interface Person {
  name: string;
  plan?: "free" | "pro";
  role?: "member" | "admin";
}

/** Signs in through the local provider. */
export async function signIn(origin: string, person: Person): Promise<Client> {
  const client = createClient(origin);
  const csrf = z.object({ csrfToken: z.string() }).parse((await client.get("/api/auth/csrf")).json());
  const form = new URLSearchParams({ csrfToken: csrf.csrfToken, name: person.name });
  if (person.plan) form.set("plan", person.plan);
  if (person.role) form.set("role", person.role);
  const reply = await client.request("POST", "/api/auth/callback/local", {
    raw: form.toString(),
    headers: { "content-type": "application/x-www-form-urlencoded", "x-auth-return-redirect": "1" },
  });
  if (reply.status !== 200) throw new Error(`sign-in failed: ${reply.status} ${reply.text}`);
  return client;
}

/** Signs in through a provider that the test serves, as the login page does. Resolves to the final path. */
export async function signInWith(client: Client, provider: string): Promise<string> {
  const { csrfToken } = (await client.get("/api/auth/csrf")).json();
  const begun = await client.request("POST", `/api/auth/signin/${provider}`, {
    raw: new URLSearchParams({ csrfToken: String(csrfToken), callbackUrl: "/" }).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded", "x-auth-return-redirect": "1" },
  });
  const asked = await fetch(String(begun.json().url), { redirect: "manual" });
  const back = new URL(asked.headers.get("location") ?? "");
  const finished = await client.get(back.pathname + back.search);
  const at = new URL(finished.headers.get("location") ?? "/", client.origin);
  return at.pathname + at.search;
}

const Events = z.object({
  run: z.looseObject({ status: z.string() }),
  events: z.array(z.unknown()),
  more: z.boolean(),
});

/** All durable events of a run so far, across pages. */
export async function allEvents(client: Client, runID: string): Promise<{ run: Run; events: RunEvent[] }> {
  const events: RunEvent[] = [];
  for (let after = 0; ;) {
    const page = Events.parse((await client.get(`/api/runs/${runID}/events?after=${after}`)).json());
    events.push(...(page.events as RunEvent[]));
    const last = events.at(-1);
    if (!page.more || last === undefined) return { run: page.run as unknown as Run, events };
    after = last.seq;
  }
}

/** Polls until `read` resolves to something other than undefined. */
export async function until<T>(read: () => Promise<T | undefined>, what: string): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`waited ${patience} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits for a run to end. */
export function ended(client: Client, runID: string): Promise<Run> {
  return until(async () => {
    const reply = await client.get(`/api/runs/${runID}`);
    if (reply.status !== 200) return undefined;
    const run = reply.json() as unknown as Run;
    return ["completed", "cancelled", "failed"].includes(run.status) ? run : undefined;
  }, `run ${runID} to end`);
}

export interface Listener {
  readonly messages: ServerMessage[];
  readonly closed: Promise<number>;
  send(message: ClientMessage | string): void;
  next(matches: (message: ServerMessage) => boolean): Promise<ServerMessage>;
  close(): void;
}

/** Opens a socket with a fresh ticket; given a project, subscribes and waits for the confirmation. */
export async function listen(client: Client, projectID?: string): Promise<Listener> {
  const issued = z
    .object({ ticket: z.string(), url: z.string() })
    .parse((await client.post("/api/socket-tickets")).json());
  const url = new URL(issued.url);
  url.searchParams.set("ticket", issued.ticket);
  const socket = new WebSocket(url, { origin: client.origin });
  const messages: ServerMessage[] = [];
  const waiting = new Set<() => void>();
  socket.on("message", (data) => {
    messages.push(ServerMessage.parse(JSON.parse(String(data))));
    for (const wake of waiting) wake();
  });
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  await new Promise((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", reject);
  });
  const listener: Listener = {
    messages,
    closed,
    send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    close: () => socket.close(),
    next: (matches) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = messages.find(matches);
          if (found === undefined) return;
          waiting.delete(look);
          clearTimeout(timer);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no such message within ${patience} ms`));
        }, patience);
        waiting.add(look);
        look();
      }),
  };
  if (projectID !== undefined) {
    listener.send({ type: "subscribe", projectId: projectID });
    await listener.next((message) => message.type === "subscribed");
  }
  return listener;
}
