import type { ShellWord } from "./shell.ts";

/** What commands may do without a question: reading, and the project's own tests, builds and servers. */

export interface DefaultRule {
  pattern: string;
  answer: "allow" | "ask";
  /** Why it asks, for people. */
  reason?: string;
  /**
   * Words with which the rule does not hold, because they write or run something else. A word that may turn out to be an
   * option counts as one of them. Words after `--` are no options.
   */
  unless?: RegExp | ((words: readonly ShellWord[]) => boolean);
  /** It shows contents of the files that it names, so it must be known which. */
  reads?: boolean;
}

function allow(patterns: string, options: Pick<DefaultRule, "unless" | "reads"> = {}): DefaultRule[] {
  return patterns.split(", ").map((pattern) => ({ pattern, answer: "allow", ...options }));
}

function reading(patterns: string, unless?: DefaultRule["unless"]): DefaultRule[] {
  return allow(patterns, { reads: true, ...(unless ? { unless } : {}) });
}

function ask(reason: string, patterns: string): DefaultRule[] {
  return patterns.split(", ").map((pattern) => ({ pattern, answer: "ask", reason }));
}

/** Any option but these. */
function otherThan(...options: string[]): RegExp {
  return new RegExp(`^-(?!-?(?:${options.join("|")})(?:=|$))`);
}

/** `sed -n 10,20p` and nothing that could write or run. */
function printsLines(words: readonly ShellWord[]): boolean {
  const [, , script, ...files] = words;
  return /^[\d,$;p ]+$/.test(script?.value ?? "") && files.every(({ text }) => !text.startsWith("-"));
}

const scripts = ["test", "build", "lint", "check", "typecheck", "type-check", "start", "dev", "preview", "serve"];
const managed = otherThan("s", "w", "ws", "silent", "if-present", "workspaces?", "recursive", "r");

function packageScripts(manager: string): DefaultRule[] {
  const runs = scripts.map((script) => `${manager} run ${script} *, ${manager} run ${script}:*`);
  return [
    ...allow([...runs, `${manager} test *`, `${manager} start *`].join(", "), { unless: managed }),
    ...allow(`${manager} --version, ${manager} ls *, ${manager} list *`),
  ];
}

/** In this order: the last one that matches decides. */
export const defaults: readonly DefaultRule[] = [
  ...ask("Not on the list of commands that run without asking.", "*"),

  ...allow("ls *, pwd, which *, type *, true, false, :, du *, df *, stat *, basename *, dirname *, realpath *"),
  ...allow("readlink *, seq *, sleep *, uname *, whoami, id, nproc, uptime, free *, wait *, exit *, return *"),
  ...allow("break *, continue *, shift *, set -e, set -u, set -x, set -eu, set -euo pipefail, set -o pipefail, set +e"),
  ...allow("cd *", { unless: (words) => !isInside(words[1]) || words.length !== 2 }),
  ...allow("export *, local *", { unless: /=|^-/ }),
  // Subscripts are evaluated, commands in them too.
  ...allow("test *, [ *", { unless: /\$\(|`|.\[/ }),
  ...allow("mkdir *, touch *, echo *"),
  ...allow("printf *", { unless: /^-/ }),
  ...allow("file *", { unless: /^-[^-]*[Cfm]|^--(?:comp|files|mag)/ }),
  ...allow("date *", { unless: /^-(?!u$|R$|I)/ }),
  // Without a hyphen, e shows the environment.
  ...allow("ps *", { unless: /^[^-].*e|^e/ }),

  ...reading("cat *, head *, tail *, nl *, tac *, rev *, cut *, tr *, comm *, cmp *, strings *, od *, hexdump *"),
  ...reading("paste *, join *, fold *, column *, md5sum *, sha1sum *, sha256sum *"),
  ...reading("wc *", /^--f/),
  ...reading("diff *", /^-[^-]*r|^--(?:rec|to-|from-)/),
  ...reading("sort *", /^(?:-[^-]*[oT]|--(?:o|c|t|f|r))/),
  // A second file is written.
  ...reading("uniq *", /^[^-]/),
  ...reading("jq *", /^-[^-]*[fL]|^--(?:from|raw|slurpf|lib)|\benv\b|\$ENV|\binput_|\bimport\b|\binclude\b/),
  ...reading("sed -n *", (words) => !printsLines(words)),
  // What is searched recursively may hold secrets; rg leaves out hidden files.
  ...reading("grep *, egrep *, fgrep *", /^(?:-[^-]*[rRfd]|--(?:rec|deref|file|dir|exclude-from))/),
  ...reading("rg *", /^(?:-[^-]*[.uzf]|--(?:pre|hid|no-i|unr|search-z|file|hostname))/),
  ...allow("find *", { unless: /^-(?:exec|ok|delete|fprint|fls|files0)/ }),
  ...allow("tree *", { unless: /^-[^-]*[oR]/ }),

  ...allow("git status *, git rev-parse *, git ls-files *, git describe *, git shortlog *", {
    unless: /^--(?:ou|exc)/,
  }),
  ...allow("git diff *, git log *", { unless: /^(?:--(?:ou|ext|no-in|te)|-O)/ }),
  ...reading("git show *, git blame *", /^(?:--(?:ou|ext|no-in|te|con)|-O)/),
  ...allow("git branch, git branch -a, git branch -v, git branch -vv, git branch --show-current, git tag, git tag -l"),
  ...allow("git remote, git remote -v, git stash list, git --version"),

  ...["npm", "pnpm", "yarn", "bun"].flatMap(packageScripts),
  ...allow("node --test *", {
    unless: otherThan(
      "test",
      "test-(?:only|name-pattern|skip-pattern|concurrency|timeout|force-exit|isolation)",
      "experimental-test-coverage",
      "test-reporter(?=$|=(?:spec|tap|dot)$)",
      "watch",
    ),
  }),
  ...allow(scripts.map((script) => `node --run ${script} *`).join(", "), { unless: otherThan("run") }),
  ...allow("node --version, node -v, python --version, python3 --version, go version, tsc --version"),
  ...allow("tsc *", { unless: otherThan("noEmit", "p", "project", "b", "build", "w", "watch", "pretty", "version") }),
  ...allow("vitest *, jest *", {
    unless: otherThan("run", "t", "testNamePattern", "watch", "coverage", "bail", "verbose", "reporter(?==\\w+$)"),
  }),
  ...allow("eslint *, oxlint *, prettier *", { unless: otherThan("fix", "c(?:heck)", "quiet", "max-warnings") }),
  ...allow("vite *", { unless: otherThan("host", "port", "mode", "strictPort", "open") }),
  ...allow("pytest *, python -m pytest *, python3 -m pytest *", {
    unless: otherThan(
      "m",
      "q",
      "v+",
      "x",
      "s",
      "k",
      "tb",
      "maxfail",
      "r\\w+",
      "lf",
      "ff",
      "durations",
      "co",
      "no-header",
    ),
  }),
  ...allow("python -m unittest *, python3 -m unittest *", { unless: otherThan("m", "v", "q", "f", "b", "k") }),
  ...allow("python -m http.server *, python3 -m http.server *", { unless: otherThan("m", "b", "bind") }),
  ...allow("go test *, go build *, go vet *, gofmt -l *", {
    unless: otherThan("v", "run", "race", "count", "timeout", "short", "bench", "cover", "failfast", "l"),
  }),
  ...allow("go run ., make test, make build, make lint, make check"),
  ...allow("cargo test *, cargo build *, cargo check *, cargo clippy *", {
    unless: otherThan("release", "all", "workspace", "p", "lib", "q", "quiet", "no-run", "all-features", "locked"),
  }),

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
