import { chosenBy, numbered, offer, offeredIn } from "./ask.ts";
import { build } from "./build.ts";
import type { Conversation } from "./conversation.ts";
import * as Commands from "./follow-ups/commands.ts";
import { commandHeard } from "./follow-ups/commands.ts";
import { mendTests } from "./follow-ups/mend.ts";
import * as Explain from "./follow-ups/explain.ts";
import { addEndpoint } from "./follow-ups/endpoint.ts";
import { addFeature } from "./follow-ups/features.ts";
import * as Files from "./follow-ups/files.ts";
import * as Fix from "./follow-ups/fix.ts";
import * as Look from "./follow-ups/look.ts";
import * as Readme from "./follow-ups/readme.ts";
import * as Replace from "./follow-ups/replace.ts";
import { addTest } from "./follow-ups/module-test.ts";
import * as Undo from "./follow-ups/undo.ts";
import { english } from "./languages/english.ts";
import type { Intent, Language } from "./languages/language.ts";
import { speak } from "./languages/languages.ts";
import type { Choice } from "./projects/kind.ts";
import { kindOf, planFor } from "./projects/kinds.ts";
import { listFiles, type Context, type Script } from "./script.ts";
import { readWish, type Wish } from "./understand/wish.ts";
import { bullets, code } from "./words.ts";

/** Which script serves a request: the answer to a question, a change to the project, or something new. */

export function languageFor(prompt: string, conversation: Conversation): { language: Language; isOther: boolean } {
  const before = [
    ...conversation.earlier.flatMap(({ tasks }) => tasks.map((task) => task.prompt)),
    ...conversation.unanswered,
  ];
  return speak([...before, prompt]);
}

export function* decide(prompt: string, context: Context): Script {
  const { conversation, language } = context;
  const answered = answerOf(prompt, context);
  if (answered !== undefined) return yield* answered;
  const heard = commandHeard(prompt, context);
  if (heard !== undefined) return yield* serveCommand(heard, context);
  const command = commandIn(prompt, language);
  const wish = readWish(prompt, language);
  const plan = planFor(wish);
  const isWanted = language.wants.test(prompt) || english.wants.test(prompt);

  if (command !== undefined && isTalk(command.intent)) return yield* serve(command, prompt, context);
  if (command !== undefined) {
    const isEither = isWanted || ("build" in plan && loose.includes(command.intent));
    if (!isEither) return yield* serve(command, prompt, context);
    const existing = yield* listFiles(language.says.looking);
    const isAddition =
      additions.includes(command.intent) &&
      !(command.intent === "page" && wish.topic !== undefined) &&
      !namesKind(command.intent, wish);
    if (existing.length > 0 && (isAddition || !isWanted || !("build" in plan) || changesIt.test(prompt)))
      return yield* serve(command, prompt, context);
  }
  // "Make the snake faster" is a change where there is something to change.
  if (isWanted && changesIt.test(prompt) && (yield* listFiles(language.says.looking)).length > 0)
    return `${language.says.unclear}\n\n${language.says.isDemo}`;
  if ("build" in plan) return yield* build(plan.build, wish, context);

  const whole = withUnanswered(prompt, conversation);
  if (whole !== undefined)
    return yield* decide(whole, { ...context, conversation: { ...conversation, unanswered: [] } });
  const isFirst = conversation.earlier.length === 0 && conversation.steps.length === 0;
  if (isWanted || (isFirst && isSpecific(wish))) return offer(plan, language);
  const paths = yield* listFiles(language.says.looking);
  if (paths.length === 0) return offer(plan, language);
  return `${language.says.unclear} ${language.says.filesAre}\n\n${bullets(paths.slice(0, 12).map(code))}\n\n${language.says.isDemo}`;
}

const changesIt =
  /(?<!\p{L})(?:make|turn|do|mach\w*|fais|rends|haz|pon)\s+(?:it|the|this|that|everything|all|es|die|den|das|alles|le|la|les|tout|el|los|las|todo)(?!\p{L})/iu;

const additions: readonly Intent[] = ["file", "readme", "licence", "gitignore", "test", "endpoint", "page"];

/** Commands that a description of something new may look like: "a snake game with dark mode". */
const loose: readonly Intent[] = ["feature", "theme", "colour", "test", "endpoint", "page"];

function isTalk(intent: Intent): boolean {
  return ["greet", "thank", "help", "stop", "undo"].includes(intent);
}

/** "An API with an endpoint" is more than an endpoint. */
function namesKind(intent: Intent, wish: Wish): boolean {
  return intent === "endpoint" && /\b(?:api|server|backend|service|servidor|serveur|dienst)\b/i.test(wish.text);
}

/** Whether it names something that could be built, known or not. */
function isSpecific({ forms, stacks, things, foreign, topic, tool, beyond }: Wish): boolean {
  return (
    forms.size + stacks.size + things.length + foreign.length + beyond.length > 0 ||
    topic !== undefined ||
    tool !== undefined
  );
}

/** An earlier message that was never answered, together with one that does not stand alone. */
function withUnanswered(prompt: string, { unanswered }: Conversation): string | undefined {
  const before = unanswered.at(-1);
  return before === undefined ? undefined : `${before} ${prompt}`;
}

/** The answer to a question of the last reply. */
function answerOf(prompt: string, context: Context): Script | undefined {
  const last = context.conversation.earlier.at(-1);
  if (last === undefined) return undefined;
  const { language } = context;
  const offered = offeredIn(last.reply);
  if (offered.length > 0) {
    const chosen = chosenBy(prompt, offered);
    if (chosen === "none") return say(language.says.whatToBuild);
    if (chosen !== undefined)
      return build(chosen, wishBefore(last.tasks.at(-1)?.prompt ?? "", chosen, language), context);
  }
  const path = /`(\/[a-z][\w-]*)`/.exec(last.reply)?.[1];
  const isAsked =
    path !== undefined &&
    last.reply.startsWith(language.says.whatReturns(path).slice(0, 12)) &&
    !last.reply.includes("|");
  if (isAsked && commandIn(prompt, language) === undefined) return addEndpoint(`${path} returns ${prompt}`, context);
  return undefined;
}

/** What was wished before the question, as far as the choice can have it. */
function wishBefore(prompt: string, choice: Choice, language: Language): Wish {
  const wish = readWish(prompt, language);
  const { always, optional } = kindOf(choice);
  const features = [...wish.features].filter((feature) => always.includes(feature) || optional.includes(feature));
  const isPage = choice === "site" || choice === "landing";
  return {
    ...wish,
    topic: choice === "react" || choice === "solid" ? wish.topic : undefined,
    features: new Set(features),
    words: new Map([...wish.words].filter(([feature]) => features.includes(feature))),
    others: [],
    fields: wish.fields,
    about: isPage ? wish.about : undefined,
    aboutPhrase: undefined,
    name: wish.name,
  };
}

function serveCommand(heard: NonNullable<ReturnType<typeof commandHeard>>, context: Context): Script {
  switch (heard.kind) {
    case "tests":
      return Commands.runTests(context);
    case "start":
      return Commands.start(context);
    case "mend":
      return mendTests(context);
    case "command":
      return Commands.runAny(heard.text, context);
  }
}

interface Found {
  intent: Intent;
  groups: Readonly<Record<string, string | undefined>>;
}

function commandIn(prompt: string, language: Language): Found | undefined {
  const text = prompt.trim();
  for (const { commands } of language === english ? [english] : [language, english]) {
    for (const { intent, pattern } of commands) {
      const found = pattern.exec(text);
      if (found) return { intent, groups: found.groups ?? {} };
    }
  }
  return undefined;
}

function serve({ intent, groups }: Found, prompt: string, context: Context): Script {
  const { says } = context.language;
  const { from = "", to = "", path, name, text, url = "" } = groups;
  switch (intent) {
    case "greet":
      return say(
        `${says.greeting}\n\n${numbered(["site", "snake", "todo", "dashboard", "express", "duplicates"], context.language)}\n\n${says.isDemo}`,
      );
    case "thank":
      return say(says.welcome);
    case "help":
      return say(`${says.help}\n\n${says.isDemo}`);
    case "stop":
      return say(says.stopped);
    case "undo":
      return Undo.undo(context);
    case "run":
      return Explain.howToRun(context);
    case "fetch":
      return Explain.fetchPage(url.replace(/[).,;]+$/, ""), context);
    case "replace":
      return Replace.replaceText({ from, to, only: path }, context);
    case "rename":
      // "Rename the project" means what it is called, not the word in every file.
      return wholeProject.test(from) ? Look.changeTitle(to, context) : Replace.rename(from, to, context);
    case "title":
      return Look.changeTitle(to, context);
    case "colour":
      return Look.changeColour(name, to, context);
    case "theme":
      return Look.addTheme(context);
    case "page":
      return Look.addPage((name ?? text ?? "").trim(), context);
    case "endpoint":
      return addEndpoint(prompt, context);
    case "test":
      return addTest(path, context);
    case "readme": {
      const section = (name ?? text ?? "").trim();
      return section === "" ? Readme.addReadme(context) : Readme.addSection(section, context);
    }
    case "licence":
      return Files.addFile("LICENSE", Files.licence, context);
    case "gitignore":
      return Files.addFile(".gitignore", Files.ignored, context);
    case "file":
      return Files.addFile(
        path ?? "",
        text === undefined ? "" : `${text.replace(/^["'\x60“]|["'\x60”]$/g, "")}\n`,
        context,
      );
    case "delete":
      return Files.remove((path ?? "").trim(), context);
    case "move":
      return Files.move((path ?? "").trim(), to, context);
    case "list":
      return Files.listAll(context);
    case "find":
      return Explain.find((text ?? "").trim(), context);
    case "fix":
      return Fix.fix(context);
    case "explain":
      return path === undefined && !aboutProject.test(prompt)
        ? say(`${says.help}\n\n${says.isDemo}`)
        : Explain.explain(path ?? text, context);
    case "feature":
      return addFeature((text ?? "").trim(), context);
  }
}

const wholeProject =
  /^(?:(?:the|this|my|das|dieses|mein|le|ce|mon|el|este|mi) )?(?:project|app|site|website|game|page|projekt|seite|spiel|projet|jeu|proyecto|juego|sitio|项目|网站)$/i;

/** A question about the project, rather than about the world. */
const aboutProject =
  /^(?:please |bitte )?(?:explain|describe|summari[sz]e|erklär\w*|beschreib\w*|explique\w*|explica|describe|解释|说明|介绍)[\s.!。]*$|(?<!\p{L})(?:projects?|code|files?|app|site|website|game|repo(?:sitory)?|this|it|here|folder|projekts?|dateien?|das|hier|projets?|fichiers?|cela|ça|proyectos?|archivos?|esto|programa)(?!\p{L})|项目|代码|文件|这/iu;

// eslint-disable-next-line require-yield -- a script that needs no tool
function* say(text: string): Script {
  return text;
}
