import { z } from "zod";
import { ArchiveID, ProjectID, Time } from "./id.ts";

/** A project as one zip file, while it is made and for a day after. */
export const Archive = z
  .object({
    id: ArchiveID,
    projectId: ProjectID,
    state: z.enum(["making", "ready", "failed"]),
    done: z.int().meta({ description: "Files that are in it." }),
    files: z.int(),
    size: z.int().optional().meta({ description: "Bytes, when it is ready." }),
    url: z.string().optional().meta({ description: "Where it is read, when it is ready: presigned, one hour." }),
    createdAt: Time,
  })
  .meta({ id: "Archive" });
export type Archive = z.infer<typeof Archive>;
