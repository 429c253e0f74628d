/** Calls of the API from the browser: JSON both ways, and errors as they are meant for people. */

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(status: number, code: string, message: string, details: Readonly<Record<string, unknown>>) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

const signedOut = new Set<() => void>();

/** Told when a call was refused because nobody is signed in. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

interface Options {
  body?: unknown;
  /** The revision that a change is based on. */
  rev?: number | undefined;
  /** Goes on while the page goes away; 64 KB at most. */
  keepalive?: boolean;
  signal?: AbortSignal | undefined;
}

/** @throws ApiError; status 0 when the server could not be reached */
export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = {};
  if (options.body !== undefined) headers["content-type"] = "application/json";
  if (options.rev !== undefined) headers["if-match"] = `"${options.rev}"`;
  let reply: Response;
  try {
    const first = method === "GET" ? takeFirst(path) : undefined;
    reply = await (first ??
      fetch(path, {
        method,
        headers,
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        keepalive: options.keepalive ?? false,
        signal: options.signal ?? null,
      }));
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, "offline", "The server cannot be reached. Check your connection.", {});
  }
  const body = (await reply.json().catch(() => ({}))) as { error?: { code?: string; message?: string } };
  if (reply.ok) return body as T;
  const { code = "internal", message = "Something went wrong.", ...details } = body.error ?? {};
  if (code === "not_signed_in") for (const listener of signedOut) listener();
  throw new ApiError(reply.status, code, message, details);
}

/** What the page's first script asked for; see `entry-server.tsx`. Whoever wants it first takes it. */
function takeFirst(path: string): Promise<Response> | undefined {
  if (typeof window === "undefined") return undefined;
  const holder = window as { firstFile?: { path: string; reply: Promise<Response> } | undefined };
  if (holder.firstFile?.path !== path) return undefined;
  const { reply } = holder.firstFile;
  holder.firstFile = undefined;
  return reply;
}

export const get = <T>(path: string, signal?: AbortSignal) => call<T>("GET", path, { signal });
export const post = <T>(path: string, body?: unknown, signal?: AbortSignal) =>
  call<T>("POST", path, { body: body ?? {}, signal });

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong.";
}

/**
 * The path of a file's route: slashes stay, everything else is encoded.
 * @throws ApiError for what a browser would take for a step up
 */
export function filePath(projectID: string, path: string): string {
  if (path.split("/").some((name) => name === "." || name === ".."))
    throw new ApiError(422, "invalid_path", `"${path}" is not a path for a file: "." and ".." are not names.`, {});
  return `/api/projects/${projectID}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
}
