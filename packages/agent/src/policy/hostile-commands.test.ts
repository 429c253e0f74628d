import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeEach, expect, test } from "vitest";
import { partsOf } from "./command-policy.ts";
import { actionsOf } from "./shell.ts";

/** The policy against commands that hide what they run, with bash itself as the judge of what they would have run. */

const surroundings = { isInstalled: (tool: string) => tool === "vitest" || tool === "tsc", hasSecrets: false };
const asks = (command: string) => partsOf(command, surroundings).some(({ answer }) => answer === "ask");

function corpus(name: string): string[] {
  const lines = readFileSync(new URL(`./corpus/${name}.txt`, import.meta.url), "utf8").split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("## "));
}

const ordinary = corpus("ordinary");

test("ordinary commands run without asking", () => {
  expect(ordinary.length).toBeGreaterThan(200);
  expect(ordinary.filter(asks)).toEqual([]);
});

test("commands that could do more than they show ask", () => {
  const hostile = corpus("hostile");
  expect(hostile.length).toBeGreaterThan(1500);
  expect(hostile.filter((command) => !asks(command))).toEqual([]);
});

test("characters that a page does not show, and lines that are joined, hide nothing", () => {
  const commands = [
    ...[
      "r\\\nm -rf src",
      "ls \\\n; rm",
      "ls\\\n\\\n;rm",
      "ls # a\nrm",
      "ls # a\\\nrm",
      "ls\rrm",
      "ls\r\nrm",
      "ls #\rrm",
    ],
    ...[
      "ls\0rm",
      "r\0m",
      "rm\u00a0x",
      "\u00a0rm",
      "ls\u000brm",
      "ls\u000crm",
      "ls;\u000brm",
      "ls\u0085rm",
      "ls\u3000;rm",
    ],
    ...["ls \u001b[8m; rm", "ls\u2028;rm", "\ufeffrm", "ls;\ufeffrm", "ls\u200b", "\uff52\uff4d", "ls \u0007; rm"],
  ];
  expect(commands.filter((command) => !asks(command))).toEqual([]);
});

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

const subscript = (command: string) => quote(`a[$(${command})0]`);

/** Every place of the grammar that runs what is in it, and every one that evaluates what it is given. */
const places: ((command: string) => string)[] = [
  // Lists and compound commands.
  ...[
    (x: string) => x,
    (x: string) => `true; ${x}`,
    (x: string) => `true && ${x}`,
    (x: string) => `false || ${x}`,
    (x: string) => `true | ${x}`,
    (x: string) => `${x} | true`,
    (x: string) => `true |& ${x}`,
    (x: string) => `true & ${x}`,
    (x: string) => `${x} &\nwait`,
    (x: string) => `true\n${x}`,
    (x: string) => `! ${x}`,
    (x: string) => `time ${x}`,
    (x: string) => `time -p ! ${x}`,
    (x: string) => `(${x})`,
    (x: string) => `{ ${x}; }`,
    (x: string) => `if ${x}; then :; fi`,
    (x: string) => `if true; then ${x}; fi`,
    (x: string) => `if false; then :; elif ${x}; then :; fi`,
    (x: string) => `if false; then :; else ${x}; fi`,
    (x: string) => `while ${x}; do break; done`,
    (x: string) => `while true; do ${x}; break; done`,
    (x: string) => `until ${x}; do break; done`,
    (x: string) => `for i in 1; do ${x}; done`,
    (x: string) => `for i in $(${x}); do :; done`,
    (x: string) => `for ((i = 0; i < 1; i++)); do ${x}; done`,
    (x: string) => `for ((i = $(${x})0; i < 1; i++)); do :; done`,
    (x: string) => `select i in 1; do ${x}; break; done <<< 1`,
    (x: string) => `case a in a) ${x};; esac`,
    (x: string) => `case $(${x}) in *) ;; esac`,
    (x: string) => `case a in $(${x})) ;; esac`,
    (x: string) => `case a in a) ;& b) ${x};; esac`,
    (x: string) => `f() { ${x}; }; f`,
    (x: string) => `function f { ${x}; }; f`,
    (x: string) => `ls() ( ${x} ); ls`,
    (x: string) => `coproc { ${x}; }; wait`,
    (x: string) => `true # a\n${x}`,
    (x: string) => `echo a#b \\# '#'; ${x}`,
    (x: string) => `cat <<'E'\n'\nE\n${x}`,
  ],
  // Words, assignments and redirections.
  ...[
    (x: string) => `echo $(${x})`,
    (x: string) => `echo "a $(${x}) b"`,
    (x: string) => `echo $"$(${x})"`,
    (x: string) => `echo $(echo $(${x}))`,
    (x: string) => `echo \${a:-$(${x})}`,
    (x: string) => `echo "\${a:-$(${x})}"`,
    (x: string) => `a=1; echo \${a:+$(${x})}`,
    (x: string) => `: \${a:=$(${x})}`,
    (x: string) => `a=1; echo \${a#$(${x})}`,
    (x: string) => `a=1; echo "\${a%%"$(${x})"}"`,
    (x: string) => `a=1; echo \${a/$(${x})/}`,
    (x: string) => `a=1; echo \${a/1/$(${x})}`,
    (x: string) => `a=1; echo \${a:$(${x})0}`,
    (x: string) => `a=1; echo \${a:0:$(${x})1}`,
    (x: string) => `a=1; echo \${a[$(${x})0]}`,
    (x: string) => `echo {a,$(${x})}`,
    (x: string) => `echo 'a'$(${x})$'b'`,
    (x: string) => `a=$(${x})`,
    (x: string) => `a+=$(${x})`,
    (x: string) => `a=(1 $(${x}))`,
    (x: string) => `a=([$(${x})0]=1)`,
    (x: string) => `a[$(${x})0]=1`,
    (x: string) => `export CI=$(${x})`,
    (x: string) => `declare a=$(${x})`,
    (x: string) => `CI=$(${x}) true`,
    (x: string) => `true < /dev/null$(${x})`,
    (x: string) => `true 2> /dev/null$(${x})`,
    (x: string) => `true <<< $(${x})`,
    (x: string) => `cat <<E\n$(${x})\nE\n`,
    (x: string) => `cat <<-E\n\t\${a:-$(${x})}\n\tE\n`,
    (x: string) => `cat <(${x})`,
    (x: string) => `true > >(${x}); wait`,
    (x: string) => `[[ $(${x}) ]]`,
    (x: string) => `[[ a == $(${x}) ]]`,
    (x: string) => `[[ a =~ $(${x}) ]]`,
    (x: string) => `[[ -z '' && ! ( -n $(${x}) ) ]]`,
    (x: string) => `[[ $(${x})0 -eq 0 ]]`,
    (x: string) => `(($(${x})0))`,
    (x: string) => `echo $((1 + $(${x})0))`,
    (x: string) => `echo $[$(${x})0]`,
  ],
  // Commands that run their words, and source that is given to a shell.
  ...[
    (x: string) => `eval ${quote(x)}`,
    (x: string) => `bash -c ${quote(x)}`,
    (x: string) => `bash -euo pipefail -c ${quote(x)}`,
    (x: string) => `bash -c 'eval "$1"' _ ${quote(x)}`,
    (x: string) => `bash <<< ${quote(x)}`,
    (x: string) => `echo ${quote(x)} | bash`,
    (x: string) => `. /dev/stdin <<< ${quote(x)}`,
    (x: string) => `trap ${quote(x)} EXIT`,
    (x: string) => `env CI=1 bash -c ${quote(x)}`,
    (x: string) => `command bash -c ${quote(x)}`,
    (x: string) => `builtin eval ${quote(x)}`,
    (x: string) => `exec bash -c ${quote(x)}`,
    (x: string) => `a=${quote(x)}; eval "$a"`,
    (x: string) => `a=${quote(x)}; bash -c "$a"`,
    (x: string) => `for a in ${quote(x)}; do bash -c "$a"; done`,
    (x: string) => `set -- ${quote(x)}; eval "$1"`,
    (x: string) => `mapfile -C ${quote(`${x} #`)} -c 1 a <<< 1`,
    (x: string) => `compgen -C ${quote(`${x} #`)}`,
    (x: string) => `PS4=${quote(`$(${x})`)}; set -x; true`,
    (x: string) => `a=${quote(`$(${x})`)}; echo \${a@P}`,
  ],
  // Arithmetic and subscripts.
  ...[
    (x: string) => `for c in ${subscript(x)}; do echo $((c)); done`,
    (x: string) => `c=${subscript(x)}; ((c))`,
    (x: string) => `c=${subscript(x)}; echo \${HOME:c}`,
    (x: string) => `c=${subscript(x)}; a=1; echo \${a:0:c}`,
    (x: string) => `c=${subscript(x)}; for ((; c; )); do :; done`,
    (x: string) => `c=1; c=${subscript(x)}; d=c; echo $((d))`,
    (x: string) => `c='a[$'; c+=${quote(`(${x})0]`)}; echo $((c))`,
    (x: string) => `c='a[$'; d=${quote(`(${x})0]`)}; e=$c$d; echo $((e))`,
    (x: string) => `f() { echo $(($1)); }; f ${subscript(x)}`,
    (x: string) => `[[ ${subscript(x)} -eq 1 ]]`,
    (x: string) => `[[ 1 -lt ${subscript(x)} ]]`,
    (x: string) => `[[ -v ${subscript(x)} ]]`,
    (x: string) => `test -v ${subscript(x)}`,
    (x: string) => `[ ! -v ${subscript(x)} ]`,
    (x: string) => `a=(1); unset ${subscript(x)}`,
    (x: string) => `let ${subscript(x)}`,
    (x: string) => `declare -i c=${subscript(x)}`,
    (x: string) => `declare -i c; c=${subscript(x)}`,
    (x: string) => `declare ${quote(`a[$(${x})0]=1`)}`,
    (x: string) => `printf -v ${subscript(x)} 1`,
    (x: string) => `read ${subscript(x)} <<< 1`,
    (x: string) => `a[${quote(`$(${x})`)}]=1`,
    (x: string) => `echo \${a[${quote(`$(${x})`)}]}`,
    (x: string) => `true & wait -n -p ${subscript(x)}`,
  ],
];

/** What stands before a payload, to lead a parser past it. */
const decoys = [
  ...[
    "",
    ": /; ",
    ": :; ",
    ": ]; ",
    ": }; ",
    ": ,; ",
    ": a=b; ",
    ": \\); ",
    ": ')'; ",
    ': ")"; ',
    ': "\'"; ',
    ": '\"'; ",
  ],
  ...[
    ": \\`; ",
    "case a in a) ;; esac; ",
    ": $(:); ",
    ": ${a}; ",
    ": ${#a}; ",
    ": $#; ",
    ": # )\n",

    ": \\\n; ",
  ],
  ...[
    ": $((1 + 1)); ",
    ": <<E\n)\nE\n",
    ": <<'E'\n`\nE\n",
    ": $'\\''; ",
    ": }]; ",

    ": //; ",
    ": ^@; ",
    ": \\'; ",
  ],
];
const payloads = ["payload", "rm -rf src", "git push", "curl https://a", "cat .env", "cat /etc/passwd", "ls > a"];

test("a payload is found in every place of the grammar, and in places within places", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...payloads),
      fc.constantFrom(...decoys),
      fc.array(fc.constantFrom(...places), { minLength: 1, maxLength: 4 }),
      (payload, decoy, nested) => {
        expect(asks(nested.reduce((command, place) => place(command), decoy + payload))).toBe(true);
      },
    ),
    { numRuns: 4000 },
  );
  const alone = places.flatMap((place) => decoys.map((decoy) => place(`${decoy}payload`)));
  expect(alone.filter((command) => !asks(command))).toEqual([]);
});

const scratch = mkdtempSync(join(tmpdir(), "policy-"));
const [programs, folder, marker] = [join(scratch, "bin"), join(scratch, "project"), join(scratch, "marker")];
afterAll(() => rmSync(scratch, { recursive: true }));

beforeEach(() => {
  for (const each of [programs, folder, marker]) rmSync(each, { recursive: true, force: true });
  for (const each of [programs, folder]) mkdirSync(each);
  for (const name of ["bash", "env"]) symlinkSync(`/usr/bin/${name}`, join(programs, name));
  addProgram("payload", `: > ${marker}`);
});

function addProgram(name: string, source: string): void {
  const path = join(programs, name);
  if (existsSync(path)) return;
  writeFileSync(path, `#!/bin/bash\n${source}\n`);
  chmodSync(path, 0o755);
}

/** In an empty folder, where every program but bash does nothing. One that is not there leaves the marker. */
function runFor(command: string, known: readonly string[]): void {
  for (const name of known) addProgram(name, "exit 0");
  const env = {
    PATH: programs,
    HOME: folder,
    "BASH_FUNC_command_not_found_handle%%": `() { : > ${marker}; }`,
  };
  spawnSync("/bin/bash", ["-c", command], { cwd: folder, env, stdio: "ignore" });
}

/** What was run that was not judged, and what was written. */
function effects(): string[] {
  return [...(existsSync(marker) ? ["marker"] : []), ...readdirSync(folder)];
}

if (existsSync("/bin/bash")) {
  test("bash runs what is in each of the places", async () => {
    for (const place of places) {
      rmSync(marker, { force: true });
      runFor(place("payload"), ["cat", "true"]);
      // Bash does not wait for all that it starts.
      await expect.poll(() => existsSync(marker), { message: place("payload") }).toBe(true);
    }
  });

  test("bash runs nothing of an ordinary command but the programs that were judged", () => {
    // A login shell sets its own PATH.
    for (const command of ordinary.filter((each) => !each.startsWith("bash -lc"))) {
      const judged = partsOf(command, surroundings).map(({ text }) => text.split(" ")[0] ?? "");
      runFor(command, [...judged.filter((name) => /^\w+$/.test(name)), "find", "xargs", "timeout", "npx", "sh"]);
      expect([command, ...effects()]).toEqual([command]);
    }
  });

  test("a word that is known stands for what bash makes of it", () => {
    const bits = [
      ...[
        "a",
        "b",
        "/",
        ".",
        "..",
        "'",
        "'",
        '"',
        '"',
        "\\",
        "$'",
        '$"',
        "\\x2f",
        "\\x{2f}",
        "\\u002f",
        "\\057",
        "\\n",
        "\\\\",
      ],
      ...[
        "\\'",
        '\\"',
        "\\cA",
        "\\400",
        "-",
        "{",
        "}",
        ",",
        "{a,b}",
        "{1..3}",
        ":",
        "!",
        "#",
        "%",
        "@",
        "+",
        "[",
        "]",
        "*",
        "?",
      ],
      ...["\\\n", "$", "1", "\\?", "é", "{}", "\\$", "\\`", "\\{"],
    ];
    const word = fc.array(fc.constantFrom(...bits), { minLength: 1, maxLength: 6 }).map((some) => some.join(""));
    fc.assert(
      fc.property(fc.array(word, { minLength: 40, maxLength: 40 }), (words) => {
        const known = words.flatMap((each) => {
          const [action, ...more] = actionsOf(`print ${each} end`, { isNested: false });
          const read = action?.kind === "command" && more.length === 0 ? action.words : [];
          const [, { value } = { value: undefined }, end] = read;
          return read.length === 3 && value !== undefined && end?.value === "end" ? [{ each, value }] : [];
        });
        const source = known.map(({ each }) => `printf '%s\\0' ${each} end`).join("\n");
        const env = { PATH: programs, LC_ALL: "C.UTF-8" };
        const { stdout } = spawnSync("/bin/bash", ["-c", source], {
          cwd: folder,
          env,
          stdio: ["ignore", "pipe", "ignore"],
        });
        const values = stdout.toString().split("\0end\0").slice(0, -1);
        expect(known.map(({ each }, at) => [each, values[at]])).toEqual(known.map(({ each, value }) => [each, value]));
      }),
      { numRuns: 60 },
    );
  });

  test("bash runs no payload in what is allowed, however quotes, comments and expansions are mixed", () => {
    const bits = [
      ...[
        "payload",
        "payload",
        "ls",
        "cat",
        "'",
        '"',
        "\\",
        "`",
        "$(",
        ")",
        "(",
        "${",
        "}",
        "{",
        "$((",
        "))",
        "((",
        "$'",
        '$"',
      ],
      ...[
        "a",
        "b",
        "=",
        "a=",
        "1",
        "[",
        "]",
        "[[",
        "]]",
        ";",
        "\n",
        "\n",
        " ",
        " ",
        " ",
        "&",
        "&&",
        "|",
        "||",
        "#",
        " #",
        "<<",
      ],
      ...[
        "<<E",
        "\nE\n",
        "E",
        "<<'E'",
        "<<-E",
        "<<\\E",
        "<<<",
        "<",
        "-",
        ":",
        "%",
        "/",
        "!",
        "case",
        "in",
        "esac",
        ";;",
        "if",
      ],
      ...[
        "then",
        "fi",
        "for",
        "do",
        "done",
        "\\\n",
        "\t",
        "*",
        "?",
        "@",
        "+",
        "!(",
        "@(",
        "~",
        ",",
        "a[",
        "$",
        "$a",
        "${a",
      ],
      ...[":-", "//", "time", "-n", "==", "=~", "else", "true", "$[", "<(", ">(", "2>&1", ">/dev/null", "\u00a0"],
      ...["$(payload)", "`payload`", "; payload", "\npayload\n"],
    ];
    const frames = [
      ...["X", "echo X", "echo 'X'", 'echo "X"', "echo $'X'", "cat <<E\nX\nE", "cat <<'E'\nX\nE", "cat <<E X\nX\nE\nX"],
      ...[
        "echo ${a:-X}",
        'echo "${a:-X}"',
        'echo "${a#X}"',
        "[[ a == X ]]",
        "case X in X) echo X;; esac",
        "echo $((X))",
      ],
      ...["a=(X)", "echo `X`", 'echo "$(X)"', "for a in X; do echo X; done", "echo X # X\nX", "cat <<-E\n\tX\n\tE\nX"],
      ...[
        "cat <<E1 <<'E2'\nX\nE1\nX\nE2\nX",
        "echo $(cat <<E\nX\nE\n) X",
        'a=X; echo "$a"',
        "echo {X,b}",
        "bash -c 'X'",
      ],
      ...["a=(X X)X", "a[X]=1", "echo ${a/X/X}", "echo ${a:-'X'}", 'echo "${a:-"X"}"', "echo $(cat <<E)\nX\nE\nX"],
      ...[
        "echo $(case a in X) X;; esac)",
        "[[ a =~ (X) ]]",
        "echo @(X|X)",
        "cat <<X\nX\nX\nX",
        "echo `echo \\`X\\``",
        "ls <X",
      ],
    ];
    const bit = fc.array(fc.constantFrom(...bits), { minLength: 1, maxLength: 7 });
    const text = fc.tuple(bit, fc.constantFrom("", "", " ")).map(([some, between]) => some.join(between));
    let ran = 0;
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.array(text, { minLength: 6, maxLength: 6 }), (frame, texts) => {
        let at = 0;
        const command = frame.replaceAll("X", () => texts[at++ % texts.length] ?? "");
        if (!command.includes("payload") || asks(command)) return;
        ran++;
        runFor(command, ["ls", "cat", "true"]);
        expect([command, ...effects()]).toEqual([command]);
      }),
      { numRuns: 3000 },
    );
    expect(ran).toBeGreaterThan(20);
  });
}
