import { isVariable, mayBecomeOption, type ShellWord } from "./shell.ts";

/** What commands may do without a question: reading, and the project's own tests, builds and servers. */

export interface DefaultRule {
  pattern: string;
  answer: "allow" | "ask";
  /** Why it asks, for people. */
  reason?: string;
  /**
   * Words with which the rule does not hold, because they write or run something else. A word that may turn out to be an
   * option counts as one of them. So do words after `--`: it may be the value of an option before it.
   */
  unless?: RegExp | ((words: readonly ShellWord[]) => boolean);
  /** It shows contents of the files that it names, so it must be known which. */
  reads?: boolean;
  /** It writes or runs the files that it names, so they must be the project's. */
  inside?: boolean;
}

function allow(patterns: string, options: Pick<DefaultRule, "unless" | "reads" | "inside"> = {}): DefaultRule[] {
  return patterns.split(", ").map((pattern) => ({ pattern, answer: "allow", ...options }));
}

function reading(patterns: string, unless?: DefaultRule["unless"]): DefaultRule[] {
  return allow(patterns, { reads: true, ...(unless ? { unless } : {}) });
}

/** Compilers, linters, test runners and the like. Several read options from `@file`. */
function using(patterns: string, options: RegExp): DefaultRule[] {
  return allow(patterns, { inside: true, unless: (words) => someWord(words, options) || someWord(words, /^@/) });
}

function ask(reason: string, patterns: string): DefaultRule[] {
  return patterns.split(", ").map((pattern) => ({ pattern, answer: "ask", reason }));
}

/** Any option but these. */
function otherThan(...options: string[]): RegExp {
  return new RegExp(`^-(?!-$|-?(?:${options.join("|")})(?:=|$))`);
}

/** Whether a word after the program is one of these, or may be. */
export function someWord(words: readonly ShellWord[], unwanted: RegExp): boolean {
  return words
    .slice(1)
    .some((word) => (word.value === undefined && mayBecomeOption(word)) || unwanted.test(word.value ?? word.text));
}

/** `sed -n 10,20p` and nothing that could write or run. */
function printsLines(words: readonly ShellWord[]): boolean {
  const [, , script, ...files] = words;
  return (
    /^[\d,$;p ]+$/.test(script?.value ?? "") &&
    files.every((file) => !(file.value?.startsWith("-") ?? mayBecomeOption(file)))
  );
}

const scripts = ["test", "build", "lint", "check", "typecheck", "type-check", "start", "dev", "preview", "serve"];
const reporters = "(?:spec|tap|dot|default|verbose|list|min|tree)";
/** What scripts may be given: they hand it to a tool that is not known here. */
const scriptOptions = otherThan(
  ...["run", "bail", "coverage", "watch", "watchAll", "silent", "verbose", "quiet", "fix", "noEmit", "max-warnings"],
  ...["host", "port", "strictPort", "mode", "open", "t", "testNamePattern", "grep", `reporter(?==${reporters}$)`],
);
const npmOptions = otherThan("s", "w", "workspace", "ws", "silent", "if-present", "workspaces");
const listOptions = otherThan("a", "all", "depth", "dev", "prod", "production", "json", "long", "r", "recursive");

/** npm keeps the options before `--` for itself; the others hand all that follow the script's name to it. */
function hasScriptOption(words: readonly ShellWord[]): boolean {
  const end = words.findIndex(({ value }) => value === "--");
  if (words[0]?.value !== "npm") return someWord(words, scriptOptions);
  return end === -1
    ? someWord(words, npmOptions)
    : someWord(words.slice(0, end), npmOptions) || someWord(words.slice(end), scriptOptions);
}

function packageScripts(manager: string): DefaultRule[] {
  const runs = scripts.map((script) => `${manager} run ${script} *, ${manager} run ${script}:*`);
  const patterns = [...runs, `${manager} test *`, `${manager} start *`].join(", ");
  return [...allow(patterns, { inside: true, unless: hasScriptOption }), ...allow(`${manager} --version`)];
}

/** Another reporter is a module, which may be in the command itself: `data:text/javascript,…`. */
function hasOwnReporter(words: readonly ShellWord[]): boolean {
  return words.some(
    ({ value }, at) => value === "--test-reporter" && !/^(?:spec|tap|dot)$/.test(words[at + 1]?.value ?? ""),
  );
}

const testOptions = otherThan(
  "test",
  "test-(?:only|name-pattern|skip-pattern|concurrency|timeout|force-exit|isolation)",
  "experimental-test-coverage",
  "test-reporter(?=$|=(?:spec|tap|dot)$)",
  "watch",
);

/**
 * `test -v` evaluates the subscript of the variable that it names. A word that is not known may be that option, unless it is
 * an operand: after another option, or beside a comparison.
 */
function evaluates(words: readonly ShellWord[]): boolean {
  const given = words.slice(1, words[0]?.value === "[" ? -1 : undefined);
  const [first, second, ...more] = given[0]?.value === "!" ? given.slice(1) : given;
  const isOption = more.length === 0 && /^-[a-zA-Z]$/.test(first?.value ?? "") && !/^-[vR]$/.test(first?.value ?? "");
  const isComparison = more.length === 1 && /^(?:[=!]?=|-(?:eq|ne|lt|le|gt|ge))$/.test(second?.value ?? "");
  if ((isOption || isComparison) && given.every(isOneWord)) return false;
  const named = words.filter((_, at) => /^-[vR]$/.test(words[at - 1]?.value ?? ""));
  return given.some(({ value }) => value === undefined) || !named.every(isVariable);
}

/** Quotes keep an expansion one word, but for those of several. */
function isOneWord({ value, text }: ShellWord): boolean {
  return value !== undefined || /^"[^"@*]*"$/.test(text);
}

/** In this order: the last one that matches decides. */
export const defaults: readonly DefaultRule[] = [
  ...ask("Not on the list of commands that run without asking.", "*"),

  ...allow("ls *, pwd, which *, type *, true, false, :, df *, stat *, basename *, dirname *, realpath *"),
  ...allow("readlink *, seq *, sleep *, uname *, whoami, id, nproc, uptime, free *, exit *, return *"),
  ...allow("break *, continue *, shift *, set -e, set -u, set -x, set -eu, set -euo pipefail, set -o pipefail, set +e"),
  ...allow("cd *", { unless: (words) => !isInside(words[1]) || words.length !== 2 }),
  // Alone they print all variables.
  ...allow("export *, local *", { unless: (words) => words.length === 1 || someWord(words, /^(?![A-Za-z_]\w*$)/) }),
  ...allow("test *, '[' *", { unless: evaluates }),
  ...allow("echo *"),
  ...allow("mkdir *, touch *", { inside: true }),
  // An option of it takes a variable, whose subscript is evaluated.
  ...allow("wait *", { unless: /^-/ }),
  ...allow("du *", { unless: /^--f/ }),
  ...allow("printf *", { unless: /^-/ }),
  ...allow("file *", { unless: /^-[^-]*[Cfm]|^--(?:c|f|ma)/ }),
  // A date without a plus sets the clock.
  ...allow("date *", { unless: /^-(?!u$|R$|I)|^[^-+]/ }),
  // Without a hyphen, e shows the environment.
  ...allow("ps *", { unless: /^[^-].*e|^e/ }),

  ...reading("cat *, head *, tail *, nl *, tac *, rev *, cut *, tr *, comm *, cmp *, od *, hexdump *"),
  ...reading("paste *, join *, fold *, column *, md5sum *, sha1sum *, sha256sum *"),
  ...reading("strings *", /^@/),
  ...reading("wc *", /^--f/),
  ...reading("diff *", /^-[^-]*r|^--(?:rec|to|fr)/),
  ...reading("sort *", /^(?:-[^-]*[oT]|--(?:o|c|t|f|r))/),
  // A second file is written.
  ...reading("uniq *", /^[^-]|^--$/),
  ...reading(
    "jq *",
    /^-[^-]*[fL]|^--(?:from|raw|slurpf|argf|lib)|\benv\b|\$ENV|\binput_|\bimport\b|\binclude\b|\bmodulemeta\b/,
  ),
  ...reading("sed -n *", (words) => !printsLines(words)),
  // What is searched recursively may hold secrets; rg leaves out hidden files.
  ...reading("grep *, egrep *, fgrep *", /^(?:-[^-]*[rRfd]|--(?:rec|de|di|file(?:=|$)|exclude-f))/),
  ...reading("rg *", /^(?:-[^-]*[.uzf]|--(?:pre|hid|no-i|unr|search-z|file|hostname))/),
  ...allow("find *", { unless: /^-(?:exec|ok|delete|fprint|fls|files0)/ }),
  ...allow("tree *", { unless: /^-[^-]*[oR]|^--(?:from|gitf|info)/ }),

  ...allow("git status *, git rev-parse *, git ls-files *, git describe *, git shortlog *", {
    unless: /^--(?:ou|exc)/,
  }),
  // With a file outside the project, diff shows that.
  ...allow("git diff *, git log *", { inside: true, unless: /^(?:--(?:ou|ext|no-in|te|show-s)|-O)/ }),
  ...reading("git show *, git blame *", /^(?:--(?:ou|ext|no-in|te|con|show-s)|-O)/),
  ...allow("git branch, git branch -a, git branch -v, git branch -vv, git branch --show-current, git tag, git tag -l"),
  ...allow("git remote, git remote -v, git stash list, git --version"),

  ...["npm", "pnpm", "yarn", "bun"].flatMap(packageScripts),
  ...allow("npm ls *, npm list *, pnpm ls *, pnpm list *, yarn list *", { unless: listOptions }),
  ...allow("node --test *", { inside: true, unless: (words) => someWord(words, testOptions) || hasOwnReporter(words) }),
  ...allow(scripts.map((script) => `node --run ${script} *`).join(", "), {
    inside: true,
    unless: (words) => someWord(words.slice(1), scriptOptions),
  }),
  ...allow("node --version, node -v, python --version, python3 --version, go version, tsc --version"),
  ...using("tsc *", otherThan("noEmit", "p", "project", "b", "build", "w", "watch", "pretty", "version")),
  ...using(
    "vitest *, jest *",
    otherThan("run", "t", "testNamePattern", "watch", "coverage", "bail", "verbose", `reporter(?==${reporters}$)`),
  ),
  ...ask("It installs packages from the network.", "vitest init *"),
  ...using("eslint *, oxlint *, prettier *", otherThan("fix", "c(?:heck)", "quiet", "max-warnings")),
  ...using("vite *", otherThan("host", "port", "mode", "strictPort", "open")),
  ...using(
    "pytest *, python -m pytest *, python3 -m pytest *",
    otherThan(
      ...["m", "q", "v+", "x", "s", "k", "tb", "maxfail", "(?<!--)r[A-Za-z]+", "lf", "ff", "durations", "co"],
      "no-header",
    ),
  ),
  ...using("python -m unittest *, python3 -m unittest *", otherThan("m", "v", "q", "f", "b", "k")),
  ...using("python -m http.server *, python3 -m http.server *", otherThan("m", "b", "bind")),
  ...using(
    "go test *, go build *, go vet *, gofmt -l *",
    otherThan("v", "run", "race", "count", "timeout", "short", "bench", "cover", "failfast", "l"),
  ),
  ...allow("go run ., make test, make build, make lint, make check"),
  ...using(
    "cargo test *, cargo build *, cargo check *, cargo clippy *",
    otherThan(
      ...["release", "all", "workspace", "p", "lib", "q", "quiet", "no-run", "all-features", "locked"],
      ...["nocapture", "test-threads", "ignored", "exact"],
    ),
  ),

  ...ask(
    "It installs packages from the network.",
    "npm install *, npm i *, npm ci *, npm add *, npm update *, npm exec *, npm create *, npm init *, npx *, pnpm install *, pnpm i *, pnpm add *, pnpm dlx *, yarn, yarn install *, yarn add *, yarn dlx *, bun install *, bun add *, bunx *, pip install *, pip3 install *, python -m pip *, python3 -m pip *, uv *, poetry *, go get *, go install *, go mod *, cargo add *, cargo install *, gem *, bundle *, composer *, apt *, apt-get *",
  ),
  ...ask(
    "It uses the network.",
    "curl *, wget *, ssh *, scp *, sftp *, rsync *, nc *, git clone *, git fetch *, git pull *",
  ),
  ...ask("It publishes commits.", "git push *"),
  ...ask("It publishes a package.", "npm publish *, pnpm publish *, yarn publish *, cargo publish *"),
  ...ask("It deletes files.", "rm *, rmdir *, unlink *, shred *, git clean *, git rm *, find * -delete*"),
  ...ask("It discards changes.", "git reset *, git checkout *, git restore *, git stash *"),
];

/** A folder of the project, named without a way out of it. */
function isInside(word: ShellWord | undefined): boolean {
  const path = word?.value;
  return path !== undefined && path !== "" && !/^[/~-]|(?:^|\/)\.\.(?:\/|$)/.test(path);
}
