import { z } from "zod";
import { ArchiveID, ProjectID, Time } from "./id.ts";

/** A zip file of a project, kept for a day. */
export const Archive = z
  .object({
    id: ArchiveID,
    projectId: ProjectID,
    state: z.enum(["making", "ready", "failed"]),
    done: z.int().meta({ description: "Files added so far." }),
    files: z.int(),
    size: z.int().optional().meta({ description: "Bytes, once it is ready." }),
    url: z.string().optional().meta({ description: "Presigned for one hour, once it is ready." }),
    createdAt: Time,
  })
  .meta({ id: "Archive" });
export type Archive = z.infer<typeof Archive>;
