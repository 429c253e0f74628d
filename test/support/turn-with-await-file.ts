import { defineTool } from "@slipway/agent/tool";
import { toolsFor } from "@slipway/agent/tools";
import { turn } from "@slipway/agent/turn";
import * as File from "@slipway/core/file";
import { z } from "zod";

/** The turn as it is deployed, with one tool more: it is pending until a file is there. Bundled by the tests that use it. */

const awaitFile = defineTool({
  name: "await_file",
  title: "Wait for",
  description: "Waits for a file, and reads it.",
  input: z.object({ path: z.string() }),
  run: ({ path }) => Promise.resolve({ pending: { handle: `handle of ${path}`, pollAfterSeconds: 1 } }),
  async resume(handle, { actor, projectID, report }) {
    const path = handle.replace("handle of ", "");
    const { files } = await File.list(actor, projectID);
    if (files.some((file) => file.path === path)) {
      const { content } = await File.readText(actor, projectID, path);
      return { output: `${path} holds ${content}` };
    }
    report(`${files.length} files, and no ${path}`);
    return { pending: { handle, pollAfterSeconds: 1 } };
  },
});

const Event = z.object({ runID: z.string() });

export async function handler(event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<unknown> {
  const next = await turn(Event.parse(event).runID, {
    remaining: () => context.getRemainingTimeInMillis(),
    toolsFor: (run) => [...toolsFor(run), awaitFile],
  });
  return { seconds: 0, ...next };
}
