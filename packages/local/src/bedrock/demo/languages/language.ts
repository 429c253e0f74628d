import type { Choice } from "../projects/kind.ts";

/** What the demo model knows of one language: how to recognise it, what it understands, and what it says. */
export interface Language {
  code: "en" | "de" | "fr" | "es" | "zh";
  /** Words that hardly occur in another language. */
  functionWords: string;
  /** What a person may call a concept: alternatives of a regular expression, without anchors. */
  heard: Partial<Record<Concept, string>>;
  /** Forms of a request for something new: "build me", "I need". */
  wants: RegExp;
  /** What the project is about: "for my bakery". The group `about` ends before the next clause. */
  about: RegExp;
  /** What it is called: "called Krume". The group `name`. */
  named: RegExp;
  /** Introduces further wishes: "with", "including". */
  including: RegExp;
  /** Separates them: "and". */
  and: RegExp;
  /** "don't use", "without": the group `what` is not wanted. */
  without: RegExp;
  /** An ordinal or number as an answer; the position is the number. */
  ordinals: readonly RegExp[];
  yes: RegExp;
  no: RegExp;
  /** Requests about the project that is there, tried in this order. */
  commands: readonly Command[];
  choices: Record<Choice, string>;
  site: SiteTexts;
  says: Says;
}

/** What is recognised in a request: topics, stacks, forms, tools and features. */
export type Concept = Topic | Stack | Form | Tool | Feature;

export type Topic =
  | "landing"
  | "kanban"
  | "dashboard"
  | "snake"
  | "noughts"
  | "quiz"
  | "pomodoro"
  | "calculator"
  | "expenses"
  | "password"
  | "notes"
  | "todo";
export type Stack =
  | "react"
  | "solid"
  | "vite"
  | "typescript"
  | "express"
  | "hono"
  | "node"
  | "go"
  | "python"
  | "foreign";
export type Form = "api" | "server" | "cli" | "site" | "game" | "app" | "mobile" | "foreign-thing";
export type Tool = "duplicates" | "wordcount" | "rename" | "csvjson" | "csvsummary";
export type Feature =
  | "theme"
  | "sound"
  | "wrap"
  | "computer"
  | "search"
  | "due"
  | "csv"
  | "tests"
  | "validation"
  | "persist"
  | "score"
  | "filter"
  | "drag"
  | "keyboard"
  | "responsive"
  | "charts"
  | "contact"
  | "beyond";

export interface Command {
  intent: Intent;
  /** Named groups: from, to, path, name, text, url. */
  pattern: RegExp;
}

export type Intent =
  | "greet"
  | "thank"
  | "help"
  | "undo"
  | "run"
  | "fetch"
  | "replace"
  | "rename"
  | "title"
  | "colour"
  | "theme"
  | "page"
  | "endpoint"
  | "test"
  | "readme"
  | "licence"
  | "gitignore"
  | "file"
  | "delete"
  | "move"
  | "list"
  | "find"
  | "fix"
  | "explain"
  | "feature"
  | "stop";

export type Subject = "food" | "portfolio" | "service" | "product" | "event" | "other";

/** The sample texts of websites and landing pages. */
export interface SiteTexts {
  /** What says that a site is about this. */
  heard: Partial<Record<Subject, string>>;
  home: string;
  about: string;
  contact: string;
  menu: string;
  skip: string;
  subjects: Record<Subject, SubjectTexts>;
  contactText: string;
  name: string;
  message: string;
  send: string;
  newPage: string;
}

export interface SubjectTexts {
  tagline: string;
  action: string;
  points: readonly (readonly [title: string, text: string])[];
  about: string;
}

/** Everything that it says. */
export interface Says {
  isDemo: string;
  otherLanguages: string;
  greeting: string;
  welcome: string;
  help: string;
  looking: string;
  building(name: string, folder: string): string;
  ready(title: string, files: number): string;
  howToRun: string;
  openPage: string;
  included(list: string): string;
  leftOut(list: string): string;
  notUnderstood(list: string): string;
  sampleTexts: string;
  /** For projects whose own words are English. */
  englishInterface: string;
  notCreated(list: string): string;
  nothingCreated: string;
  noted(text: string): string;
  /** `steps`: a Markdown list. */
  plan(steps: string): string;
  stopped: string;
  reverted: string;
  read(names: string): string;
  noTool: string;
  failed: string;
  foreign(name: string): string;
  unknown: string;
  unclear: string;
  notInThis(topic: string, stack: string): string;
  which: string;
  openQuote: string;
  closeQuote: string;
  empty: string;
  whatToBuild: string;
  searching(text: string): string;
  notFound(text: string): string;
  notFoundIn(text: string, path: string): string;
  foundIn(files: number): string;
  replaced(change: { from: string; to: string; times: number; files: number }): string;
  namesKept(list: string): string;
  notSearched(list: string): string;
  couldNot(list: string): string;
  nothingChanged: string;
  renamed(from: string, to: string): string;
  referencesUpdated(files: number): string;
  noFile(path: string): string;
  filesAre: string;
  exists(path: string): string;
  created(path: string): string;
  deleting(files: number): string;
  deleted(list: string): string;
  notDeleted(reason: string): string;
  moved(list: string): string;
  noPage: string;
  titleIs(title: string): string;
  noColour: string;
  colourIs(name: string, colour: string): string;
  unknownColour(colour: string): string;
  hasTheme: string;
  themeAdded(path: string): string;
  noStyles: string;
  pageAdded(path: string, linked: number): string;
  readmeMade: string;
  readmeSection(name: string): string;
  hasSection(name: string): string;
  sectionText: string;
  testAdded(path: string, command: string): string;
  hasTests(path: string): string;
  noTest: string;
  endpointAdded(list: string): string;
  hasEndpoint(path: string): string;
  whatReturns(path: string): string;
  noApi: string;
  featureAdded(list: string): string;
  hasFeature(list: string): string;
  featureNot(name: string, list: string): string;
  partsDoNotFit(list: string): string;
  explains(files: number): string;
  lines(lines: number): string;
  undoing(text: string): string;
  undone(files: number): string;
  nothingToUndo: string;
  notUndone(list: string): string;
  useUndo: string;
  checking: string;
  fixed(list: string): string;
  noFault: string;
  faults(list: string): string;
  pageBegins(text: string): string;
  notReadable(reason: string): string;
  noRun: string;
  matches(count: number): string;
}
