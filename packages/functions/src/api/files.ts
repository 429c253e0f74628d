import * as archiveRoutes from "@slipway/contract/routes/archive";
import * as checkpointRoutes from "@slipway/contract/routes/checkpoint";
import * as fileRoutes from "@slipway/contract/routes/file";
import * as operationRoutes from "@slipway/contract/routes/operation";
import * as searchRoutes from "@slipway/contract/routes/search";
import * as Archive from "@slipway/core/archive";
import * as File from "@slipway/core/file";
import * as Operation from "@slipway/core/operation";
import { answer, createRoutes } from "./context.ts";

export const files = createRoutes()
  .openapi(fileRoutes.listFiles, async (context) =>
    context.json(await File.list(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(fileRoutes.commitFiles, async (context) => {
    const { rev } = await File.commit(context.get("actor"), context.req.valid("param").id, context.req.valid("json"));
    return context.json({ rev }, 200);
  })
  .openapi(fileRoutes.changesSince, async (context) => {
    const { since, gen } = context.req.valid("query");
    return context.json(await File.changesSince(context.get("actor"), context.req.valid("param").id, since, gen), 200);
  })
  .openapi(fileRoutes.undoChanges, async (context) =>
    answer(
      context,
      await Operation.undo(context.get("actor"), context.req.valid("param").id, context.req.valid("json")),
    ),
  )
  .openapi(fileRoutes.listVersions, async (context) => {
    const { path, before } = context.req.valid("query");
    return context.json(await File.versions(context.get("actor"), context.req.valid("param").id, path, before), 200);
  })
  .openapi(fileRoutes.getVersion, async (context) => {
    const { id, rev } = context.req.valid("param");
    const content = await File.versionText(context.get("actor"), id, context.req.valid("query").path, rev);
    return context.json({ content }, 200);
  })
  .openapi(searchRoutes.searchFiles, async (context) =>
    context.json(await File.find(context.get("actor"), context.req.valid("param").id, context.req.valid("query")), 200),
  )
  .openapi(searchRoutes.replaceInFiles, async (context) => {
    const done = await File.replace(context.get("actor"), context.req.valid("param").id, context.req.valid("json"));
    return context.json(done, 200);
  })
  .openapi(archiveRoutes.createArchive, async (context) =>
    context.json(await Archive.create(context.get("actor"), context.req.valid("param").id), 201),
  )
  .openapi(archiveRoutes.getArchive, async (context) =>
    context.json(await Archive.fromID(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(checkpointRoutes.listCheckpoints, async (context) =>
    context.json({ checkpoints: await File.checkpoints(context.get("actor"), context.req.valid("param").id) }, 200),
  )
  .openapi(checkpointRoutes.createCheckpoint, async (context) => {
    const { label } = context.req.valid("json");
    return context.json(await File.checkpoint(context.get("actor"), context.req.valid("param").id, label), 201);
  })
  .openapi(checkpointRoutes.restoreCheckpoint, async (context) => {
    const { rev } = context.req.valid("json");
    return answer(context, await Operation.restore(context.get("actor"), context.req.valid("param").id, rev));
  })
  .openapi(fileRoutes.createUpload, async (context) => {
    const { projectId, size } = context.req.valid("json");
    const upload = await File.createUpload(context.get("actor"), projectId, size);
    return context.json({ ...upload, headers: {} }, 201);
  })
  .openapi(fileRoutes.getFile, async (context) => {
    const { id, path } = context.req.valid("param");
    const file = await File.read(context.get("actor"), id, path);
    context.header("etag", `"${file.rev}"`);
    return context.json(file, 200);
  })
  .openapi(fileRoutes.putFile, async (context) => {
    const { id, path } = context.req.valid("param");
    const body = context.req.valid("json");
    const rev = revision(context.req.valid("header")["if-match"]);
    const actor = context.get("actor");
    if ("upload" in body) {
      const entry = await File.putUpload(actor, id, path, body.upload, rev);
      context.header("etag", `"${entry.rev}"`);
      return context.json(entry, 200);
    }
    const entry = await File.put(actor, id, changeOf(path, body, rev));
    context.header("etag", `"${entry.rev}"`);
    return context.json(entry, 200);
  })
  .openapi(fileRoutes.patchFile, async (context) => {
    const { id, path } = context.req.valid("param");
    const rev = revision(context.req.valid("header")["if-match"]);
    const { path: to } = context.req.valid("json");
    return answer(context, await Operation.move(context.get("actor"), id, { path, to, rev }));
  })
  .openapi(fileRoutes.deleteFile, async (context) => {
    const { id, path } = context.req.valid("param");
    const rev = revision(context.req.valid("header")["if-match"]);
    return answer(context, await Operation.remove(context.get("actor"), id, { path, rev }));
  })
  .openapi(operationRoutes.getOperation, async (context) =>
    context.json(await Operation.fromID(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(operationRoutes.cancelOperation, async (context) =>
    context.json(await Operation.cancel(context.get("actor"), context.req.valid("param").id), 200),
  );

function changeOf(
  path: string,
  body: { content: string; merge?: boolean | undefined } | { kind: "folder" },
  rev: number | undefined,
): File.Change {
  if (!("content" in body)) return { op: "folder", path };
  const { content } = body;
  return body.merge && rev !== undefined ? { op: "merge", path, content, rev } : { op: "put", path, content, rev };
}

/** `"12"`, `W/"12"` or `12`. */
function revision(header: string | undefined): number | undefined {
  return header === undefined ? undefined : Number(header.replace(/\D/g, ""));
}
