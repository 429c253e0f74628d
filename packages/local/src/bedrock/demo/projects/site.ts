import { languages } from "../languages/languages.ts";
import type { Language, Subject } from "../languages/language.ts";
import type { Wish } from "../understand/wish.ts";
import { escapeHtml, slug } from "../words.ts";
import type { DemoProject, Kind } from "./kind.ts";
import { json, readme, render } from "./template.ts";

/** Websites of three pages, and landing pages of one, with sample texts that suit what they are about. */

export const site: Kind = {
  always: ["responsive", "keyboard", "contact"],
  optional: ["theme"],
  make: (wish, title) => make(wish, title, ["index", "about", "contact"]),
};

export const landing: Kind = {
  always: ["responsive", "keyboard", "contact"],
  optional: ["theme"],
  make: (wish, title) => make(wish, title, ["index"]),
};

const accents: Record<Subject, readonly [light: string, dark: string]> = {
  food: ["#9a4a12", "#f0a571"],
  portfolio: ["#4a3fa0", "#b3a6f2"],
  service: ["#0b6e63", "#5cc4b3"],
  product: ["#1d5fbf", "#8ab8f5"],
  event: ["#a3265c", "#f29ac0"],
  other: ["#0b6e63", "#5cc4b3"],
};

export function subjectOf(text: string): Subject {
  const names: readonly Subject[] = ["event", "food", "service", "portfolio", "product"];
  const pattern = (source: string, code: string) =>
    new RegExp(code === "zh" ? source : String.raw`(?<![\p{L}\p{N}])(?:${source})(?![\p{L}\p{N}])`, "iu");
  const hears = ({ site: { heard }, code }: Language, name: Subject) => pattern(heard[name] ?? "(?!)", code).test(text);
  return names.find((name) => languages.some((language) => hears(language, name))) ?? "other";
}

function make(wish: Wish, title: string, pages: readonly string[]): DemoProject {
  const { language } = wish;
  const subject = subjectOf(`${wish.about ?? ""} ${wish.about === undefined ? wish.text : ""}`);
  const isLanding = pages.length === 1;
  const features = new Set<string>(wish.features);
  const page = { language, title, subject, hasTheme: features.has("theme"), isLanding };
  const [accentLight, accentDark] = accents[subject];
  const files: Record<string, string> = {
    "index.html": isLanding ? htmlOf(page, "index", landingOf(page)) : htmlOf(page, "index", homeOf(page)),
  };
  if (!isLanding) {
    files["about.html"] = htmlOf(page, "about", textPage(language.site.about, aboutOf(page)));
    files["contact.html"] = htmlOf(page, "contact", textPage(language.site.contact, contactOf(page)));
  }
  files["style.css"] = render("base/site.css", { values: { accentLight, accentDark } });
  files["contact.js"] = render("base/contact.js");
  if (features.has("theme")) files["theme.js"] = render("base/theme.js");
  files["package.json"] = json({ name: slug(title), private: true });
  const about = isLanding
    ? "A landing page: one HTML page with its style sheet. The texts are samples."
    : "A website of three HTML pages with one style sheet. The texts are samples.";
  files["README.md"] = readme({
    title,
    about,
    run: "",
    more: "Nothing has to be installed or built. Change the e-mail address before you publish it.",
  });
  return { files, run: "", about, isSample: true };
}

interface Page {
  language: Language;
  title: string;
  subject: Subject;
  hasTheme: boolean;
  isLanding: boolean;
}

export interface Link {
  href: string;
  name: string;
}

function linksOf({ language: { site: texts }, isLanding }: Page): Link[] {
  return isLanding
    ? [
        { href: "#about", name: texts.about },
        { href: "#contact", name: texts.contact },
      ]
    : [
        { href: "index.html", name: texts.home },
        { href: "about.html", name: texts.about },
        { href: "contact.html", name: texts.contact },
      ];
}

function htmlOf(page: Page, name: string, body: string): string {
  const { language, title, hasTheme } = page;
  const { site: texts } = language;
  const own = name === "about" ? `${texts.about} · ` : name === "contact" ? `${texts.contact} · ` : "";
  const items = linksOf(page).map(
    ({ href, name: label }) =>
      `            <li><a href="${href}"${href === `${name}.html` ? ' aria-current="page"' : ""}>${escapeHtml(label)}</a></li>`,
  );
  const theme = hasTheme
    ? `\n            <li><button id="theme" class="theme" type="button" aria-pressed="false">◐ <span>${themeNames[language.code]}</span></button></li>`
    : "";
  return `<!doctype html>
<html lang="${language.code}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="description" content="${escapeHtml(texts.subjects[page.subject].tagline)}" />
    <title>${escapeHtml(own + title)}</title>
    <link rel="stylesheet" href="style.css" />${hasTheme ? '\n    <script src="theme.js" defer></script>' : ""}${body.includes("contact-form") ? '\n    <script src="contact.js" defer></script>' : ""}
  </head>
  <body>
    <a class="skip action" href="#content">${escapeHtml(texts.skip)}</a>
    <header class="inner">
      <div class="bar">
        <a class="brand" href="index.html">${escapeHtml(title)}</a>
        <nav aria-label="${escapeHtml(texts.menu)}">
          <ul>
${items.join("\n")}${theme}
          </ul>
        </nav>
      </div>
    </header>
    <main id="content">
${body}
    </main>
    <footer>
      <div class="inner">${escapeHtml(title)}</div>
    </footer>
  </body>
</html>
`;
}

const themeNames = { en: "Dark mode", de: "Dunkel", fr: "Mode sombre", es: "Modo oscuro", zh: "深色模式" };

function hero({ language, title, subject, isLanding }: Page): string {
  const { tagline, action } = language.site.subjects[subject];
  return `      <section class="hero">
        <div class="inner">
          <h1>${escapeHtml(title)}</h1>
          <p class="tagline">${escapeHtml(tagline)}</p>
          <a class="action" href="${isLanding ? "#contact" : "contact.html"}">${escapeHtml(action)}</a>
        </div>
      </section>
      <section class="inner points">
${language.site.subjects[subject].points
  .map(
    ([head, text]) =>
      `        <article>\n          <h2>${escapeHtml(head)}</h2>\n          <p>${escapeHtml(text)}</p>\n        </article>`,
  )
  .join("\n")}
      </section>`;
}

function homeOf(page: Page): string {
  return hero(page);
}

function landingOf(page: Page): string {
  const { site: texts } = page.language;
  return `${hero(page)}
      <section class="band" id="about">
        <div class="inner text">
          <h2>${escapeHtml(texts.about)}</h2>
          ${aboutOf(page)}
        </div>
      </section>
      <section class="band" id="contact">
        <div class="inner text">
          <h2>${escapeHtml(texts.contact)}</h2>
          ${contactOf(page)}
        </div>
      </section>`;
}

function aboutOf({ language, subject }: Page): string {
  return `<p>${escapeHtml(language.site.subjects[subject].about)}</p>`;
}

function contactOf({ language: { site: texts } }: Page): string {
  return `<p>${escapeHtml(texts.contactText)}</p>
          <form id="contact-form" data-address="hello@example.com">
            <label>${escapeHtml(texts.name)} <input name="name" autocomplete="name" required /></label>
            <label>${escapeHtml(texts.message)} <textarea name="message" rows="5" required></textarea></label>
            <button class="action">${escapeHtml(texts.send)}</button>
          </form>`;
}

function textPage(heading: string, body: string): string {
  return `      <section class="hero small">
        <div class="inner">
          <h1>${escapeHtml(heading)}</h1>
        </div>
      </section>
      <div class="inner text">
        ${body.replace(/\n {10}/g, "\n        ")}
      </div>`;
}
