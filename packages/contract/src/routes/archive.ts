import { z } from "zod";
import { Archive } from "../archive.ts";
import { ArchiveID } from "../id.ts";
import { inProject, reply, route } from "../route.ts";

export const createArchive = route({
  method: "post",
  path: "/api/projects/{id}/archives",
  request: { params: inProject },
  responses: { 201: reply(Archive, "Started; poll until it is ready.") },
});

export const getArchive = route({
  method: "get",
  path: "/api/archives/{id}",
  request: { params: z.object({ id: ArchiveID }) },
  responses: { 200: reply(Archive, "Its progress, and its URL once it is ready.") },
});
