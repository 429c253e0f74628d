import { z } from "zod";
import { partOf } from "../fetch/text-part.ts";
import { hostRisk, isSameHost } from "../policy/host.ts";
import { defineTool } from "./tool.ts";
import { atMostOnce } from "./write.ts";

export const fetchURL = defineTool({
  name: "fetch_url",
  title: "Fetch",
  description: "Reads a public web page or text as plain text (up to 1 MB).",
  input: z.object({
    url: z.string(),
    from: z.int().min(0).optional().describe("Character to begin at: what an earlier answer said to read on from."),
  }),
  risk: ({ url }) => (URL.canParse(url) ? [hostRisk(new URL(url))] : undefined),
  run: ({ url, from = 0 }, context) =>
    atMostOnce(context, async () => {
      const text = await context.fetchText(url, context.signal, isSameHost);
      // A long text is kept whole, and read in parts without another request.
      return { output: from === 0 ? text : partOf(text, from) };
    }),
});
