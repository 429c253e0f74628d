import { z } from "zod";

/**
 * Messages between a previewed page and the page that frames it (`postMessage`). The framed page is a stranger's: what it
 * says is shown as text and starts nothing.
 */

/** From the preview. */
export const PreviewReport = z.discriminatedUnion("type", [
  z.object({ type: z.literal("location"), path: z.string().max(4096), title: z.string().max(500) }),
  z.object({ type: z.literal("error"), text: z.string().max(2000) }),
]);
export type PreviewReport = z.infer<typeof PreviewReport>;

/** To the preview. `restyle` loads style sheets anew without the page. */
export type PreviewOrder = "reload" | "restyle" | "back" | "forward";
