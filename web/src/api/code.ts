import { text } from "#text/loading.ts";

/** Code that could not be loaded on demand; `message` is for people. */
export class NotLoaded extends Error {
  override readonly name = "NotLoaded";
  /** The server has a newer build, without this code: only reloading the page helps. */
  readonly isOutdated: boolean;
  constructor(what: string, isOutdated: boolean, cause: unknown) {
    super(isOutdated ? text.updated : text.notLoaded(what), { cause });
    this.isOutdated = isOutdated;
  }
}

/**
 * Loads code on demand.
 * @param what names it to people, should that fail
 * @throws NotLoaded
 */
export async function loadCode<T>(what: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw cause instanceof NotLoaded ? cause : new NotLoaded(what, await isGone(cause), cause);
  }
}

/** Whether the server answers, and no longer has the file. Safari does not name it: without a name, it is not gone. */
async function isGone(cause: unknown): Promise<boolean> {
  const [url] = /https?:\/\/\S+/.exec(cause instanceof Error ? cause.message : "") ?? [];
  if (url === undefined) return false;
  try {
    const reply = await fetch(url, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(5000) });
    // A page in its place says that there is no such file.
    return reply.status === 404 || reply.headers.get("content-type")?.includes("html") === true;
  } catch {
    return false;
  }
}
