import { z } from "zod";
import { FilePath } from "./file.ts";
import { ProjectID } from "./id.ts";

/** Text before or after a cursor. */
const Around = z.string().max(20_000);

export const CompletionRequest = z.object({
  projectId: ProjectID,
  path: FilePath,
  before: Around,
  after: Around,
});
export type CompletionRequest = z.infer<typeof CompletionRequest>;

export const Completion = z.object({ text: z.string() });
export type Completion = z.infer<typeof Completion>;

export const QuickEditRequest = z.object({
  projectId: ProjectID,
  path: FilePath,
  before: Around,
  selection: z.string().max(60_000),
  after: Around,
  instruction: z
    .string()
    .trim()
    .min(1)
    .max(4000)
    .meta({ description: "Public pages that it links are read as context." }),
});
export type QuickEditRequest = z.infer<typeof QuickEditRequest>;

export const QuickEdit = z.object({
  text: z.string(),
  unread: z.array(z.string()).meta({ description: "URLs that could not be read, and why." }),
});
export type QuickEdit = z.infer<typeof QuickEdit>;
