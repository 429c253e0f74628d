import { linesOf } from "./lines.ts";
import { SandboxError } from "./sandbox-error.ts";

/** Bounded reading of what a runner sends. */

/** @throws SandboxError invalid_reply when there is more, unreachable when it breaks off */
export async function readBytes(response: Response, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of chunksOf(response)) {
    size += part.byteLength;
    if (size > limit) throw new SandboxError("invalid_reply", "The sandbox's reply is too large.");
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The lines of a reply. @throws SandboxError invalid_reply when one is too long, unreachable when it breaks off */
export async function* readLines(response: Response, limit: number): AsyncGenerator<string, void> {
  yield* linesOf(
    chunksOf(response),
    limit,
    () => new SandboxError("invalid_reply", "A line of the sandbox's reply is too long."),
  );
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, void> {
  if (!response.body) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    if (error instanceof SandboxError) throw error;
    throw new SandboxError("unreachable", "The connection to the sandbox broke.", error);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
