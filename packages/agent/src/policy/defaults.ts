import { isVariable, mayBecomeOption, type ShellWord } from "./shell.ts";
import { diffFolders, gitFolders, grepFolders, rgFolders, type FoldersOf } from "./whole-folders.ts";

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
  /** It lists, writes or runs the files that it names, so they must be the project's. */
  inside?: boolean;
  /** Its first operand is a pattern, not a file, but with one of these options. */
  searches?: RegExp;
  /** What it reads without naming each file. */
  recurses?: FoldersOf;
}

type Limits = Omit<DefaultRule, "pattern" | "answer" | "reason">;

function allow(patterns: string, limits: Limits = {}): DefaultRule[] {
  return patterns.split(", ").map((pattern) => ({ pattern, answer: "allow", ...limits }));
}

function reading(patterns: string, unless?: DefaultRule["unless"], limits: Limits = {}): DefaultRule[] {
  return allow(patterns, { reads: true, ...(unless ? { unless } : {}), ...limits });
}

/** Compilers, linters, test runners and the like. Several read options from `@file`. */
function using(patterns: string, options: RegExp): DefaultRule[] {
  return allow(patterns, { inside: true, unless: (words) => someWord(words, options) || someWord(words, /^@/) });
}

function ask(reason: string, patterns: string): DefaultRule[] {
  return patterns.split(", ").map((pattern) => ({ pattern, answer: "ask", reason }));
}

/** Any option but these: a letter has one hyphen, a name two, and what begins with a hyphen is as it is written. */
function otherThan(...options: string[]): RegExp {
  const written = options.map((option) => {
    if (option.startsWith("-")) return option;
    return option.length === 1 ? `-${option}` : `--${option}`;
  });
  return new RegExp(`^(?=-)(?!--$|(?:${written.join("|")})(?:=|$))`);
}

/** For programs that take one hyphen for two. */
function otherThanEither(...options: string[]): RegExp {
  return otherThan(...options.map((option) => `--?${option}`));
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
/** Other reporters are modules that are loaded. */
const reporter = "reporter(?==(?:spec|tap|dot|default|verbose|list|min|tree)$)";
/** What scripts may be given: they hand it to a tool that is not known here. */
const scriptOptions = otherThan(
  ...["run", "bail", "coverage", "watch", "watchAll", "silent", "verbose", "quiet", "fix", "noEmit", "max-warnings"],
  ...["host", "port", "strictPort", "mode", "open", "t", "testNamePattern", "grep", reporter],
);
const npmOptions = otherThan("s", "w", "workspace", "ws", "silent", "if-present", "workspaces");
const listOptions = otherThan("a", "all", "depth", "dev", "prod", "production", "json", "long", "r", "recursive");

/** Tools that a project brings with it: what npx and `node_modules/.bin` run by these names is what the rules below mean. */
export const projectTool = /^(?:tsc|vitest|jest|eslint|oxlint|prettier|vite)$/;

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
  const short = manager === "npm" || manager === "bun" ? ["test", "start"] : scripts;
  const patterns = [...runs, ...short.map((script) => `${manager} ${script} *`)].join(", ");
  return [...allow(patterns, { inside: true, unless: hasScriptOption }), ...allow(`${manager} --version`)];
}

/** Another reporter is a module, which may be in the command itself: `data:text/javascript,…`. */
function hasOwnReporter(words: readonly ShellWord[]): boolean {
  return words.some(
    ({ value }, at) => value === "--test-reporter" && !/^(?:spec|tap|dot)$/.test(words[at + 1]?.value ?? ""),
  );
}

const testOptions = otherThan(
  ...["test", "test-(?:only|name-pattern|skip-pattern|concurrency|timeout|force-exit|isolation)", "watch"],
  ...["experimental-test-coverage", "test-reporter(?=$|=(?:spec|tap|dot)$)"],
);

/**
 * `test -v` evaluates the subscript of the variable that it names. A word that is not known may be that option, unless it is
 * an operand: after another option, or beside a comparison.
 */
function evaluates(words: readonly ShellWord[]): boolean {
  const given = words.slice(1, words[0]?.value === "[" ? -1 : undefined);
  const [first, second, ...more] = given[0]?.value === "!" ? given.slice(1) : given;
  if (given.length === 1 && given.every(isOneWord)) return false;
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

/** A conversion that assigns, `%n`, or one that is not known. */
function assignsByFormat([, format]: readonly ShellWord[]): boolean {
  return !/^(?!-)(?:[^%]|%[-+ #0-9.]*[sdiouxXeEfgGcbq%])*$/.test(format?.value ?? "%");
}

/** A name of a variable, or one with a value, that programs may be given. */
function exportsOther(words: readonly ShellWord[]): boolean {
  return (
    words.length === 1 || !words.slice(1).every(({ text }) => environment.test(/^\w+(?==|$)/.exec(text)?.[0] ?? ""))
  );
}

/** Variables that only the project's own programs look at. Others can make a harmless program run something else. */
export const environment =
  /^(?:CI|PORT|HOST|NODE_ENV|APP_ENV|DEBUG|FORCE_COLOR|NO_COLOR|TZ|LANG|LC_[A-Z]+|TERM|COLUMNS|LINES|VITE_\w+|NEXT_PUBLIC_\w+|TEST_\w+)$/;

/** A variable that no program knows, and that no program finds in its environment. */
export function isOwnName(name: string): boolean {
  return /^[a-z]\w*$/.test(name) && !/^(?:npm|pnpm|yarn|bun|corepack|node|git)_|_proxy$/i.test(name);
}

const gitHistory = otherThan(
  ...[
    "p",
    "u",
    "s",
    "w",
    "b",
    "i",
    "E",
    "F",
    "M",
    "C",
    "z",
    "-\\d+",
    "-n\\d*",
    "-U\\d*",
    "-[SG].*",
    "-L.*",
    "-[MC]\\d+%?",
  ],
  ...["oneline", "stat", "shortstat", "numstat", "name-only", "name-status", "summary", "graph", "decorate", "all"],
  ...[
    "branches",
    "tags",
    "remotes",
    "since",
    "after",
    "until",
    "before",
    "author",
    "committer",
    "grep",
    "format",
    "pretty",
  ],
  ...[
    "date",
    "cached",
    "staged",
    "patch",
    "no-patch",
    "unified",
    "word-diff",
    "color-words",
    "color",
    "no-color",
    "raw",
  ],
  ...[
    "follow",
    "merges",
    "no-merges",
    "first-parent",
    "reverse",
    "diff-filter",
    "find-renames",
    "no-renames",
    "minimal",
  ],
  ...["ignore-all-space", "ignore-space-change", "ignore-blank-lines", "abbrev", "abbrev-commit", "check", "exit-code"],
  ...["quiet", "relative", "max-count", "skip", "merge-base", "no-pager", "porcelain", "line-porcelain", "topo-order"],
);

/** Signatures are verified by a program that the configuration names. */
function verifiesOr(options: RegExp): (words: readonly ShellWord[]) => boolean {
  return (words) => someWord(words, options) || someWord(words, /%[-+ ]?G/);
}

const jqRefused =
  /^-[^-]*[fL]|^--(?:from|rawf|slurpf|argf|lib)|\benv\b|\$ENV|\binput_|\bimport\b|\binclude\b|\bmodulemeta\b/;

/** A glob in the place of the filter may match a file by the name of `env`. */
function hasKnownFilter(words: readonly ShellWord[]): boolean {
  const given = words.slice(1);
  const at = given.findIndex(({ text }) => !text.startsWith("-"));
  const hasFlagsOnly = given.every(({ text }) => /^(?!-)|^-[a-zA-Z]+$/.test(text));
  return given.every(({ value }, index) => value !== undefined || (hasFlagsOnly && at !== -1 && index > at));
}

const grepOptions = otherThan(
  ...["-", "-[nilLwcovHhsxEFPqaIzrbZ]*(?:[ABCm]?\\d*|e)"],
  ...["include", "exclude", "exclude-dir", "line-number", "ignore-case", "files-with-matches", "files-without-match"],
  ...["word-regexp", "count", "only-matching", "invert-match", "with-filename", "no-filename", "no-messages", "quiet"],
  ...["extended-regexp", "fixed-strings", "perl-regexp", "line-regexp", "regexp", "max-count", "recursive", "colou?r"],
  ...["context", "after-context", "before-context", "binary-files"],
);
const rgOptions = otherThan(
  ...["-", "-[nNilwcovHISsxFPU0]*(?:[ABCmdj]?\\d*|[egtTr])"],
  ...["files", "files-with-matches", "files-without-match", "glob", "iglob", "type", "type-not", "line-number"],
  ...["no-line-number", "ignore-case", "smart-case", "case-sensitive", "fixed-strings", "word-regexp", "count"],
  ...["count-matches", "max-count", "max-depth", "context", "after-context", "before-context", "colou?r", "json"],
  ...["stats", "sort", "sortr", "heading", "no-heading", "column", "multiline", "pcre2", "only-matching", "replace"],
  ...["trim", "vimgrep", "no-messages", "quiet", "regexp", "invert-match", "with-filename", "no-filename", "type-list"],
);
const findOptions = otherThan(
  ...["-i?(?:name|path|regex)", "-wholename", "-(?:max|min)depth", "-type", "-size", "-[amc](?:time|min)", "-newer"],
  ...["-not", "-and", "-or", "-[oaP]", "-prune", "-print0?", "-printf", "-ls", "-empty", "-perm", "-user", "-group"],
  ...["-executable", "-readable", "-writable", "-links", "-depth", "-quit", "-daystart", "-xdev", "-mount", "-true"],
  ...["-false", "-regextype", "-\\d+[a-zA-Z]?"],
);

/** In this order: the last one that matches decides. */
export const defaults: readonly DefaultRule[] = [
  ...ask("Not on the list of commands that run without asking.", "*"),

  ...allow("pwd, which *, type *, true, false, :, df *, basename *, dirname *"),
  ...allow("seq *, sleep *, uname *, whoami, id, nproc, uptime, free *, exit *"),
  ...allow("break *, continue *, shift *, set -e, set -u, set -x, set -eu, set -euo pipefail, set -o pipefail, set +e"),
  ...allow("cd *", { unless: (words) => !isInside(words[1]) || words.length !== 2 }),
  // Alone it prints all variables.
  ...allow("export *", { unless: exportsOther }),
  ...allow("test *, '[' *", { unless: evaluates }),
  ...allow("echo *, tr *"),
  ...allow("ls *, stat *, realpath *, readlink *, mkdir *, touch *", { inside: true }),
  // An option of it takes a variable, whose subscript is evaluated.
  ...allow("wait *", { unless: /^-/ }),
  ...allow("printf *", { unless: assignsByFormat }),
  ...allow("read *", {
    unless: (words) => !words.slice(1).every(({ value = "" }) => value === "-r" || isOwnName(value)),
  }),
  ...allow("du *", {
    inside: true,
    unless: otherThan(
      "-[shacklmbx0]*(?:d\\d*)?",
      "max-depth",
      "summarize",
      "human-readable",
      "total",
      "all",
      "exclude",
    ),
  }),
  ...allow("file *", {
    inside: true,
    unless: otherThan("-[bikLNhr0]+", "brief", "mime", "mime-type", "mime-encoding"),
  }),
  // A date without a plus sets the clock.
  ...allow("date *", { unless: /^-(?!u$|R$|I)|^[^-+]/ }),
  // Without a hyphen, e shows the environment.
  ...allow("ps, ps a, ps ax, ps aux, ps auxf, ps auxw, ps auxww, ps -e, ps -A, ps -a, ps -aux, ps -ef, ps -eF, ps -f"),

  ...reading("cat *, head *, tail *, nl *, tac *, rev *, cut *, comm *, cmp *, od *, hexdump *"),
  ...reading("paste *, join *, fold *, column *"),
  // A list of files to check is read for names.
  ...reading("md5sum *, sha1sum *, sha256sum *", /^-[^-]*c|^--c/),
  ...reading("strings *", /^@/),
  ...reading("wc *", /^--f/),
  // It must not show a file that only one folder has.
  ...reading("diff *", otherThan("-", "-[uUcqwbBisyEtaT\\d]+", "unified", "brief", "side-by-side", "colou?r"), {
    recurses: diffFolders,
  }),
  ...reading(
    "sort *",
    otherThan(
      ...["-[bdfgihMnRrVcCmsuz]*(?:k[\\d.,bdfgihMnRrV]*|t.?)?", "reverse", "unique", "numeric-sort", "key", "stable"],
      ...["field-separator", "ignore-case", "version-sort", "human-numeric-sort"],
    ),
  ),
  // A second file is written.
  ...reading("uniq *", /^[^-]|^--$/),
  ...reading("jq *", (words) => someWord(words, jqRefused) || !hasKnownFilter(words)),
  ...reading("sed -n *", (words) => !printsLines(words)),
  ...reading("grep *, egrep *, fgrep *", grepOptions, {
    searches: /^(?:-[^-]*e|--regexp)/,
    recurses: grepFolders,
  }),
  // It leaves hidden files out.
  ...reading("rg *", rgOptions, { searches: /^(?:-[^-]*e|--(?:regexp|files$))/, recurses: rgFolders }),
  ...allow("find *", { inside: true, unless: findOptions }),
  ...allow("tree *", {
    inside: true,
    unless: otherThan("-[adfipsuhDFtrCnJNQXvLIP\\d]+", "dirsfirst", "noreport", "gitignore", "prune", "filelimit"),
  }),

  ...allow("git status *, git rev-parse *, git ls-files *, git describe *, git shortlog *", {
    inside: true,
    recurses: gitFolders,
    unless: otherThan(
      ...["-[sbvzunqeomdct]+", "-u(?:no|all|normal)", "short", "long", "branch", "porcelain", "untracked-files"],
      ...[
        "ignored",
        "show-toplevel",
        "show-prefix",
        "show-cdup",
        "abbrev-ref",
        "verify",
        "quiet",
        "symbolic-full-name",
      ],
      ...["is-inside-work-tree", "git-dir", "others", "modified", "deleted", "cached", "stage", "exclude-standard"],
      ...["full-name", "error-unmatch", "tags", "always", "dirty", "abbrev", "all", "match", "summary", "numbered"],
      ...["since", "until", "no-merges"],
    ),
  }),
  // With a file outside the project, diff shows that.
  ...allow("git diff *, git log *", { inside: true, unless: verifiesOr(gitHistory), recurses: gitFolders }),
  ...reading("git show *, git blame *", verifiesOr(gitHistory), { recurses: gitFolders }),
  ...allow("git branch, git branch -a, git branch -v, git branch -vv, git branch --show-current, git tag, git tag -l"),
  ...allow("git remote, git remote -v, git --version"),

  ...["npm", "pnpm", "yarn", "bun"].flatMap(packageScripts),
  ...allow("npm ls *, npm list *, pnpm ls *, pnpm list *, yarn list *", { unless: listOptions }),
  ...allow("node --test *", { inside: true, unless: (words) => someWord(words, testOptions) || hasOwnReporter(words) }),
  ...allow(scripts.map((script) => `node --run ${script} *`).join(", "), {
    inside: true,
    unless: (words) => someWord(words.slice(1), scriptOptions),
  }),
  ...allow("node --version, node -v, python --version, python3 --version, go version, tsc --version"),
  ...using("tsc *", otherThanEither("noEmit", "p", "project", "b", "build", "w", "watch", "pretty", "version", "v")),
  ...using(
    "vitest *, jest *",
    otherThan("run", "t", "testNamePattern", "watch", "coverage", "bail", "verbose", "version", reporter),
  ),
  ...ask("It installs packages from the network.", "vitest init *"),
  ...using("eslint *, oxlint *, prettier *", otherThan("fix", "check", "quiet", "max-warnings", "version")),
  ...using("vite *", otherThan("host", "port", "mode", "strictPort", "open")),
  ...using(
    "pytest *, python -m pytest *, python3 -m pytest *",
    otherThan(
      ...["m", "k", "-[vqxsl]+", "-r[A-Za-z]+", "tb", "maxfail", "lf", "ff", "durations", "co", "collect-only"],
      ...["no-header", "verbose", "quiet", "exitfirst", "version"],
    ),
  ),
  ...using("python -m unittest *, python3 -m unittest *", otherThan("m", "v", "q", "f", "b", "k")),
  ...using("python -m http.server *, python3 -m http.server *", otherThan("m", "b", "bind")),
  ...using(
    "go test *, go build *, go vet *, gofmt -l *",
    otherThanEither("v", "run", "race", "count", "timeout", "short", "bench", "cover", "failfast", "l"),
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
  ...allow("git stash list"),
];

/** A folder of the project, named without a way out of it. */
function isInside(word: ShellWord | undefined): boolean {
  const path = word?.value;
  return path !== undefined && path !== "" && !/^[/~-]|(?:^|\/)\.\.(?:\/|$)/.test(path);
}
