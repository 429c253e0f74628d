import { z } from "zod";
import { Changed } from "./file.ts";
import { OperationID, ProjectID, Time } from "./id.ts";

/**
 * A change of a project's files that is too large for one commit: it runs in the background as a series of commits,
 * survives crashes, and can be cancelled between two of them.
 */
export const Operation = z
  .object({
    id: OperationID,
    projectId: ProjectID,
    kind: z.enum(["move", "delete", "undo", "restore"]),
    state: z.enum(["running", "completed", "failed", "cancelled"]),
    done: z.int().meta({ description: "Changes written so far." }),
    total: z.int(),
    createdAt: Time,
    error: z.object({ code: z.string(), message: z.string() }).optional(),
    result: Changed.optional().meta({ description: "What has been written, once it has ended, however it ended." }),
  })
  .meta({ id: "Operation" });
export type Operation = z.infer<typeof Operation>;

/** The reply 202 of a change that continues in the background. */
export const Started = z.object({ operation: Operation });
