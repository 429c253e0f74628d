import { z } from "zod";
import { defineTool } from "./tool.ts";
import { atMostOnce } from "./write.ts";

export const fetchURL = defineTool({
  name: "fetch_url",
  title: "Fetch",
  description: "Reads a public web page or text as plain text (up to 1 MB).",
  input: z.object({ url: z.string() }),
  run: ({ url }, context) =>
    atMostOnce(context, async () => ({ output: await context.fetchText(url, context.signal) })),
});
