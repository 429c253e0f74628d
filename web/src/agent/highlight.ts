import { Language, LanguageSupport } from "@codemirror/language";
import { highlightCode, tagHighlighter, tags } from "@lezer/highlight";
import { languageOf } from "../code/languages.ts";

/** Highlights code in answers with the editor's grammars, so there is nothing more to load. */
const highlighter = tagHighlighter([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], class: "tok-keyword" },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], class: "tok-string" },
  { tag: [tags.comment, tags.meta], class: "tok-comment" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: "tok-number" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: "tok-function" },
  { tag: [tags.typeName, tags.className, tags.tagName], class: "tok-type" },
  { tag: [tags.propertyName, tags.attributeName], class: "tok-property" },
]);

const extensions = new Map(
  Object.entries({
    bash: "sh",
    console: "sh",
    javascript: "js",
    markdown: "md",
    python: "py",
    rust: "rs",
    shell: "sh",
    typescript: "ts",
  }),
);
const maxLength = 50_000;

/** Highlights a code element. An unknown language stays plain. */
export async function highlight(element: HTMLElement, name: string): Promise<void> {
  const code = element.textContent ?? "";
  if (name === "" || code.length > maxLength) return;
  const found = await languageOf(`x.${extensions.get(name.toLowerCase()) ?? name.toLowerCase()}`);
  const language = found instanceof LanguageSupport ? found.language : found;
  if (!(language instanceof Language) || !element.isConnected) return;
  const parts: Node[] = [];
  highlightCode(
    code,
    language.parser.parse(code),
    highlighter,
    (text, classes) => {
      if (classes === "") return parts.push(document.createTextNode(text));
      const span = document.createElement("span");
      span.className = classes;
      span.textContent = text;
      return parts.push(span);
    },
    () => parts.push(document.createTextNode("\n")),
  );
  element.replaceChildren(...parts);
}
