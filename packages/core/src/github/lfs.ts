import { VisibleError } from "@slipway/contract/error";
import { z } from "zod";
import { GitHubError, type Client } from "./client.ts";
import { request, type Remote } from "./wire.ts";

/** Uploads to Git LFS (its batch API, transfer `basic`). */

export interface LargeObject {
  /** SHA-256 in hexadecimal. */
  oid: string;
  size: number;
}

const Action = z.object({ href: z.url(), header: z.record(z.string(), z.string()).optional() });
const Batch = z.object({
  objects: z.array(
    z.object({
      oid: z.string(),
      error: z.object({ message: z.string() }).optional(),
      actions: z.object({ upload: Action.optional(), verify: Action.optional() }).optional(),
    }),
  ),
});
const json = "application/vnd.git-lfs+json";
/** Objects per batch: GitHub takes 100. */
const batchSize = 100;

/**
 * Makes sure that Git LFS holds these objects, and sends those that it lacks. `path` names one for an error.
 * @throws VisibleError github_failed with the reason of GitHub's
 */
export async function uploadObjects(
  client: Client,
  remote: Remote,
  objects: readonly (LargeObject & { path: string; read(): Promise<Uint8Array> })[],
): Promise<void> {
  const signal = client.signal ? { signal: client.signal } : {};
  for (let at = 0; at < objects.length; at += batchSize) {
    const part = new Map(objects.slice(at, at + batchSize).map((object) => [object.oid, object]));
    const [first] = part.values();
    const refuse = (path: string, why: string, cause?: unknown) =>
      new VisibleError(
        "github_failed",
        `.gitattributes puts "${path}" into Git LFS, and ${remote.owner}/${remote.repo} does not take it there: ${why}`,
        {},
        cause,
      );
    const reply = await request(remote, client.credential, "info/lfs/objects/batch", {
      method: "POST",
      headers: { accept: json, "content-type": json },
      body: JSON.stringify({
        operation: "upload",
        transfers: ["basic"],
        hash_algo: "sha256",
        objects: [...part.values()].map(({ oid, size }) => ({ oid, size })),
      }),
      ...signal,
    }).catch((error: unknown) => {
      if (error instanceof GitHubError) throw refuse(first?.path ?? "", error.reason, error);
      throw error;
    });
    for (const { oid, error, actions } of Batch.parse(await reply.json()).objects) {
      const object = part.get(oid);
      if (!object) continue;
      if (error) throw refuse(object.path, error.message);
      // It has the object already.
      if (!actions?.upload) continue;
      const { upload, verify } = actions;
      const sent = await fetch(upload.href, {
        method: "PUT",
        headers: { "content-type": "application/octet-stream", ...upload.header },
        body: Buffer.from(await object.read()),
        ...signal,
      });
      if (!sent.ok) throw refuse(object.path, `the upload was answered with ${sent.status}.`);
      if (!verify) continue;
      const verified = await fetch(verify.href, {
        method: "POST",
        headers: { accept: json, "content-type": json, ...verify.header },
        body: JSON.stringify({ oid, size: object.size }),
        ...signal,
      });
      if (!verified.ok) throw refuse(object.path, `the upload could not be verified (${verified.status}).`);
    }
  }
}
