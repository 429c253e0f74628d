import { capitalise, keywords } from "../words.ts";
import { nodeApi } from "./node-api.ts";
import type { DemoProject } from "./project.ts";
import { pythonCli } from "./python-cli.ts";
import { topicOf } from "./topics.ts";
import { staticSite, titleFor, viteApp } from "./web.ts";

/** Picks a project for a prompt: the stack by its keywords, the topic by its nouns. */
export function chooseProject(prompt: string): DemoProject {
  const words = keywords(prompt);
  const has = (pattern: RegExp) => words.some((word) => pattern.test(word));
  const topic = topicOf(words);
  if (
    has(/^(python|pip|django|flask|argparse)$/) ||
    (has(/^(cli|command-line|terminal)$/) && !has(/^(node|javascript|typescript)$/))
  ) {
    const title = titleFor(
      words.filter((word) => !/^(command-line|tool|file|terminal)$/.test(word)),
      undefined,
    );
    return pythonCli(title, words);
  }
  if (has(/^(api|rest|backend|server|express|endpoint|endpoints|crud|microservice|fastify)$/)) {
    const noun =
      /\b(?:for|of|to manage|managing|about)\s+(?:a |an |the |my )?([a-z]+)/i.exec(prompt)?.[1] ??
      words.find((word) => !/^(api|rest|backend|server|express|node|js|node.js|crud|tests?|http|json)$/.test(word)) ??
      "item";
    return nodeApi(`${capitalise(noun)} API`, noun);
  }
  const title = titleFor(
    words.filter((word) => word !== "tests"),
    topic,
  );
  if (has(/^(vite|typescript|ts|react|vue|svelte|solid|next|next.js|spa|frontend|tailwind)$/))
    return viteApp(title, topic);
  return staticSite(title, topic);
}
