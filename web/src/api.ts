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

interface Options {
  body?: unknown;
  /** The revision that a change is based on. */
  rev?: number | undefined;
  /** Goes on while the page goes away; 64 KB at most. */
  keepalive?: boolean;
}

/** @throws ApiError; status 0 when the server could not be reached */
export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = {};
  if (options.body !== undefined) headers["content-type"] = "application/json";
  if (options.rev !== undefined) headers["if-match"] = `"${options.rev}"`;
  let reply: Response;
  try {
    reply = await fetch(path, {
      method,
      headers,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      keepalive: options.keepalive ?? false,
    });
  } catch {
    throw new ApiError(0, "offline", "The server cannot be reached. Check your connection.", {});
  }
  const body = (await reply.json().catch(() => ({}))) as { error?: { code?: string; message?: string } };
  if (reply.ok) return body as T;
  const { code = "internal", message = "Something went wrong.", ...details } = body.error ?? {};
  throw new ApiError(reply.status, code, message, details);
}

export const get = <T>(path: string) => call<T>("GET", path);
export const post = <T>(path: string, body?: unknown) => call<T>("POST", path, { body: body ?? {} });

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong.";
}

/** The path of a file's route: slashes stay, everything else is encoded. */
export function filePath(projectID: string, path: string): string {
  return `/api/projects/${projectID}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
}
