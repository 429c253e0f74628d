import type { ApiKind } from "./kind.ts";

/** GET endpoints besides the records, in each of the API kinds, and where they are written. */

export interface Route {
  path: string;
  about: string;
  /** The line of the server, and the test. */
  line: string;
  test: string;
}

/** A value that an endpoint returns: fixed, or computed when it is asked. */
interface Reply {
  about: string;
  value: unknown;
  /** Expressions instead of the value, by language. */
  computed?: { js: string; go: string; python: string };
  /** A field that the test looks for. */
  field: string;
}

const known = new Map<string, Reply>(
  Object.entries({
    health: { about: "whether the server runs", value: { status: "ok" }, field: "status" },
    healthz: { about: "whether the server runs", value: { status: "ok" }, field: "status" },
    status: { about: "whether the server runs", value: { status: "ok" }, field: "status" },
    ready: { about: "whether the server is ready", value: { ready: true }, field: "ready" },
    version: { about: "the version", value: { version: "0.1.0" }, field: "version" },
    ping: { about: "pong", value: { ping: "pong" }, field: "ping" },
    hello: { about: "a greeting", value: { message: "Hello" }, field: "message" },
    time: {
      about: "the time in UTC",
      value: {},
      computed: {
        js: "{ now: new Date().toISOString() }",
        go: 'map[string]any{"now": time.Now().UTC().Format(time.RFC3339)}',
        python: '{"now": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}',
      },
      field: "now",
    },
  }),
);

/** The route for a path: a known one, or one that returns what is given. */
export function routeFor(kind: ApiKind, path: string, returns: unknown): Route | undefined {
  const name = /^\/([a-z][\w-]*)$/.exec(path)?.[1] ?? "";
  const reply = returns === undefined ? known.get(name) : { about: "a fixed answer", value: returns, field: "" };
  if (reply === undefined) return undefined;
  return { path, about: reply.about, line: lineOf(kind, path, reply), test: testOf(kind, path, name, reply) };
}

function lineOf(kind: ApiKind, path: string, { value, computed }: Reply): string {
  const js = computed?.js ?? spaced(value);
  switch (kind) {
    case "node":
      return `  "${path}": () => (${js}),`;
    case "express":
      return `  app.get("${path}", (request, response) => {\n    response.json(${js});\n  });`;
    case "hono":
      return `  app.get("${path}", (c) => c.json(${js}));`;
    case "go":
      return `\tmux.HandleFunc("${path}", get(func() any { return ${computed?.go ?? goValue(value)} }))`;
    case "python-server":
      return `    "${path}": lambda: ${computed?.python ?? pythonValue(value)},`;
  }
}

function testOf(kind: ApiKind, path: string, name: string, { value, computed, field }: Reply): string {
  const expected = JSON.stringify(value);
  switch (kind) {
    case "go": {
      const title = (name || path).replace(/(?:^|[^a-zA-Z0-9]+)([a-zA-Z0-9])/g, (_, letter: string) =>
        letter.toUpperCase(),
      );
      const wanted = computed ? `"${field}"` : expected;
      return `func Test${title}(t *testing.T) {\n\tif reply := request(newTestServer(t), "GET", "${path}", ""); reply.Code != 200 || !strings.Contains(reply.Body.String(), \`${wanted}\`) {\n\t\tt.Fatalf("%d %s", reply.Code, reply.Body)\n\t}\n}\n`;
    }
    case "python-server": {
      const method = `test_${path.slice(1).replace(/\W+/g, "_")}`;
      const check = computed
        ? `        status, reply = self.request("GET", "${path}")\n        self.assertEqual(status, 200)\n        self.assertIn("${field}", reply)`
        : `        self.assertEqual(self.request("GET", "${path}"), (200, ${pythonValue(value)}))`;
      return `    def ${method}(self):\n${check}\n`;
    }
    default: {
      const check = computed
        ? `  assert.ok("${field}" in (await reply.json()));`
        : `  assert.deepEqual(await reply.json(), ${spaced(value)});`;
      return `test("answers ${path}", async () => {\n  const reply = await fetch(\`\${base}${path}\`);\n  assert.equal(reply.status, 200);\n${check}\n});\n`;
    }
  }
}

/** `{ status: "ok" }` */
function spaced(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  const fields = Object.entries(value).map(
    ([name, each]) => `${/^[a-z_]\w*$/i.test(name) ? name : JSON.stringify(name)}: ${spaced(each)}`,
  );
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

function pythonValue(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(", ")}]`;
  return `{${Object.entries(value)
    .map(([name, each]) => `${JSON.stringify(name)}: ${pythonValue(each)}`)
    .join(", ")}}`;
}

function goValue(value: unknown): string {
  if (value === null) return "nil";
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[]any{${value.map(goValue).join(", ")}}`;
  return `map[string]any{${Object.entries(value)
    .map(([name, each]) => `${JSON.stringify(name)}: ${goValue(each)}`)
    .join(", ")}}`;
}

/** Where routes and tests are written: a comment in each of the two files. */
export const apiFiles: Record<ApiKind, { server: string; test: string; comment: string }> = {
  node: { server: "src/server.js", test: "test/api.test.js", comment: "//" },
  express: { server: "src/server.js", test: "test/api.test.js", comment: "//" },
  hono: { server: "src/server.js", test: "test/api.test.js", comment: "//" },
  go: { server: "server.go", test: "server_test.go", comment: "//" },
  "python-server": { server: "server.py", test: "test_server.py", comment: "#" },
};

export interface Edit {
  oldText: string;
  newText: string;
}

/** The edits that add a route, by file; undefined where the comments are gone. */
export function routeEdits(
  kind: ApiKind,
  files: Readonly<Record<string, string>>,
  route: Route,
): Record<string, Edit[]> | undefined {
  const { server, test, comment } = apiFiles[kind];
  const anchor = (path: string, text: string) =>
    new RegExp(`^[ \\t]*${comment} ${text}$`, "m").exec(files[path] ?? "")?.[0];
  const [routes, tests] = [anchor(server, "More routes go here\\."), anchor(test, "More tests go here\\.")];
  if (routes === undefined || tests === undefined) return undefined;
  const edits: Record<string, Edit[]> = {
    [server]: [{ oldText: routes, newText: `${route.line}\n${routes}` }],
    [test]: [{ oldText: tests, newText: `${route.test}\n${tests}` }],
  };
  const needsTime = /\btime\./.test(route.line);
  const content = files[server] ?? "";
  if (needsTime && kind === "go" && !content.includes('\t"time"\n')) {
    edits[server]?.unshift({
      oldText: '"net/http"\n',
      newText: content.includes('\t"strings"\n') ? '"net/http"\n' : '"net/http"\n\t"time"\n',
    });
    if (content.includes('\t"strings"\n'))
      edits[server]?.splice(0, 1, { oldText: '\t"strings"\n', newText: '\t"strings"\n\t"time"\n' });
  }
  if (needsTime && kind === "python-server" && !/^import time$/m.test(content)) {
    edits[server]?.unshift({ oldText: "import os\n", newText: "import os\nimport time\n" });
  }
  return edits;
}

/** The files with the route in them. */
export function addRoute(
  kind: ApiKind,
  files: Record<string, string>,
  route: Route,
): Record<string, string> | undefined {
  const edits = routeEdits(kind, files, route);
  if (edits === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [
      path,
      (edits[path] ?? []).reduce((text, { oldText, newText }) => text.replace(oldText, () => newText), content),
    ]),
  );
}
