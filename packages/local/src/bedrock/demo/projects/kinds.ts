import type { Wish } from "../understand/wish.ts";
import { api } from "./api.ts";
import { browserKinds } from "./browser.ts";
import { cli, cliTools } from "./cli.ts";
import { react, solid } from "./framework.ts";
import type { ApiKind, BrowserKind, Choice, CliTool, Kind } from "./kind.ts";
import { landing, site } from "./site.ts";
import { vite } from "./vite.ts";

/** Every kind of project that the demo model can build. */

const apiKinds: readonly ApiKind[] = ["node", "express", "hono", "go", "python-server"];
const byChoice = new Map<Choice, Kind>([
  ["site", site],
  ["landing", landing],
  ["react", react],
  ["solid", solid],
  ["vite", vite],
  ...Object.entries(browserKinds).map(([name, kind]) => [name as BrowserKind, kind] as const),
  ...apiKinds.map((name) => [name, api(name)] as const),
  ...cliTools.map((name) => [name, cli(name)] as const),
]);

export function kindOf(choice: Choice): Kind {
  return byChoice.get(choice) ?? site;
}

export function isBrowserKind(choice: Choice): choice is BrowserKind {
  return choice in browserKinds;
}

export function isApiKind(choice: Choice): choice is ApiKind {
  return apiKinds.some((kind) => kind === choice);
}

export function isCliTool(choice: Choice): choice is CliTool {
  return cliTools.some((tool) => tool === choice);
}

/** What to build for a wish, or what can be offered instead, with the reason. */
export type Plan = { build: Choice } | { offer: readonly Choice[]; reason: Reason };
export type Reason =
  | { kind: "foreign"; name: string }
  | { kind: "unknown" }
  | { kind: "not-in"; topic: Choice; stack: string };

export function planFor(wish: Wish): Plan {
  const { topic, tool, stacks, forms } = wish;
  const isPage =
    topic === "landing" ||
    (forms.has("site") && (topic === undefined || wish.about !== undefined) && !forms.has("cli"));
  const [foreign] = wish.foreign;
  if (foreign !== undefined) return { offer: near(wish), reason: { kind: "foreign", name: foreign } };
  if ((forms.has("mobile") && !isPage) || (wish.things.length > 0 && topic === undefined && tool === undefined))
    return { offer: near(wish), reason: { kind: "unknown" } };
  const framework = stacks.has("react") ? "react" : stacks.has("solid") ? "solid" : undefined;
  const isServer =
    forms.has("api") ||
    forms.has("server") ||
    stacks.has("express") ||
    stacks.has("hono") ||
    (wish.endpoints.length > 0 && framework === undefined);

  if (isServer && topic !== "landing" && framework === undefined && !(isPage && !forms.has("api")))
    return { build: server(wish) };
  const cliTool = cliToolOf(wish);
  if (stacks.has("go")) {
    const asked = cliTool ?? topic;
    return asked === undefined
      ? { offer: near(wish), reason: { kind: "unknown" } }
      : { offer: unique([asked, ...near(wish)]), reason: { kind: "not-in", topic: asked, stack: "Go" } };
  }
  if (cliTool !== undefined) return { build: cliTool };
  if (forms.has("cli")) return { offer: near(wish), reason: { kind: "unknown" } };
  if (stacks.has("python"))
    return topic !== undefined && topic !== "landing"
      ? { offer: [topic, ...near(wish)], reason: { kind: "not-in", topic, stack: "Python" } }
      : { offer: near(wish), reason: { kind: "unknown" } };
  if (framework !== undefined) {
    if (topic === undefined ? !forms.has("game") && !isPage && wish.about === undefined : topic === "todo")
      return { build: framework };
    const asked: Choice = topic ?? (isPage ? "site" : framework);
    return {
      offer: [...new Set<Choice>([asked, framework, "todo"])],
      reason:
        asked === framework
          ? { kind: "unknown" }
          : { kind: "not-in", topic: asked, stack: framework === "react" ? "React" : "Solid" },
    };
  }
  if (stacks.has("vite") && topic === undefined && !isPage && !forms.has("game")) return { build: "vite" };
  if (topic !== undefined && !(isPage && topic === "todo" && isAbout(wish))) return { build: topic };
  if (isPage) return { build: "site" };
  return { offer: near(wish), reason: { kind: "unknown" } };
}

/** "A website about tasks" is a website; "a todo list website" is a todo list. */
function isAbout(wish: Wish): boolean {
  return /task|aufgabe|tâche|tarea/i.test(wish.about ?? "");
}

function server({ stacks }: Wish): ApiKind {
  if (stacks.has("go")) return "go";
  if (stacks.has("python")) return "python-server";
  if (stacks.has("express")) return "express";
  return stacks.has("hono") ? "hono" : "node";
}

function cliToolOf({ tool, topic, forms, stacks }: Wish): CliTool | undefined {
  const isTerminal = forms.has("cli") || stacks.has("python") || (stacks.has("node") && !forms.has("site"));
  if (topic === "todo" && isTerminal) return "todo-cli";
  if (topic === "password" && isTerminal) return "password-cli";
  return topic === undefined || topic === "todo" || topic === "notes" ? tool : undefined;
}

/** The nearest things that it can build. */
function near({ forms, topic, stacks, things, about, foreign }: Wish): Choice[] {
  const named: Choice[] = topic === undefined ? [] : [topic];
  const isBackend =
    forms.has("api") ||
    forms.has("server") ||
    /django|flask|fast|rails|sinatra|laravel|spring|nest|fastify|koa|asp|phoenix|axum|actix|graphql|grpc|php/i.test(
      foreign.join(" "),
    );
  if (isBackend)
    return unique([...(stacks.has("go") ? (["go"] as const) : []), "express", "hono", "python-server", "go", "node"]);
  if (/vue|svelte|angular|next|nuxt|remix|astro|ember|jquery/i.test(foreign.join(" ")))
    return unique([...named, ...(forms.has("site") ? (["site", "landing"] as const) : []), "react", "solid", "todo"]);
  if (forms.has("cli") || stacks.has("python"))
    return ["duplicates", "wordcount", "rename", "csvjson", "csvsummary", "todo-cli"];
  if (stacks.has("go")) return ["go", "python-server", "express"];
  const isGame =
    forms.has("game") ||
    things.some((thing) =>
      /chess|tetris|pong|pac|mine|sudoku|2048|memory|platform|shoot|rpg|break|aster|hang|wordle|battle|poker|jack|solit|cross|invaders|flappy|racing/i.test(
        thing,
      ),
    );
  if (isGame) return unique([...named, "snake", "noughts", "quiz"]);
  if (forms.has("site") || about !== undefined)
    return unique([...named, "landing", "site", "todo", "dashboard", "express"]);
  return unique([...named, "todo", "kanban", "dashboard", "landing", "express"]);
}

function unique(choices: readonly Choice[]): Choice[] {
  return [...new Set(choices)].slice(0, 6);
}
