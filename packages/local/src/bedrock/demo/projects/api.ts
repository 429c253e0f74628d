import type { Entity, Field } from "../understand/entity.ts";
import type { Wish } from "../understand/wish.ts";
import { capitalise, slug } from "../words.ts";
import { addRoute, routeFor, type Route } from "./endpoint.ts";
import type { ApiKind, DemoProject, Kind } from "./kind.ts";
import { json, readme, render } from "./template.ts";

/**
 * HTTP APIs: create, read, change and delete one kind of record, with validation, kept in memory or in a file; and further
 * GET endpoints. Without a record it is a server with those endpoints.
 */
export function api(kind: ApiKind): Kind {
  return {
    always: ["tests", "validation", "responsive", "persist"],
    optional: [],
    make: (wish, title) => make(kind, wish, title),
  };
}

/** Endpoints of a wish that the demo model can make, and those that it cannot. */
export function endpointsOf(wish: Wish, kind: ApiKind): { routes: Route[]; unknown: string[] } {
  const entity = recordOf(wish);
  const routes: Route[] = [];
  const unknown: string[] = [];
  for (const path of new Set(wish.endpoints)) {
    if (entity !== undefined && new RegExp(`^/${entity.many}(?:/|$)`).test(path)) continue;
    const route = routeFor(kind, path, undefined);
    if (route) routes.push(route);
    else unknown.push(path);
  }
  if (entity === undefined && routes.length === 0) {
    for (const path of ["/hello", "/health"])
      routes.push(...[routeFor(kind, path, undefined)].filter((each) => each !== undefined));
  }
  return { routes, unknown };
}

/** What the API holds; a server that was asked for only by its endpoints holds nothing. */
export function recordOf(wish: Wish): Entity | undefined {
  const entity =
    wish.entity ??
    (wish.forms.has("api") && !wish.forms.has("server") && wish.endpoints.length === 0 ? items : undefined);
  if (entity === undefined) return undefined;
  return wish.fields.length > 0 ? { ...entity, fields: wish.fields } : entity;
}

const items: Entity = {
  one: "item",
  many: "items",
  fields: [
    { name: "name", type: "string" },
    { name: "description", type: "string" },
  ],
};

function make(kind: ApiKind, wish: Wish, title: string): DemoProject {
  const entity = recordOf(wish);
  const { routes } = endpointsOf(wish, kind);
  const features = new Set<string>(wish.features);
  if (entity !== undefined) features.add("records");
  const made =
    kind === "go"
      ? goFiles(title, entity, features)
      : kind === "python-server"
        ? pythonFiles(title, entity, features)
        : nodeFiles(kind, title, entity, features);
  let files = made.files;
  for (const route of routes) files = addRoute(kind, files, route) ?? files;
  const kept = features.has("persist") ? `in a JSON file` : "in memory, or in the file that `DATA_FILE` names";
  const about =
    entity === undefined
      ? `${names[kind]}.`
      : `${names[kind]} for ${entity.many}: list, create, read, change and delete, with validation. They are kept ${kept}.`;
  files["README.md"] = readme({ title, about, run: made.run, more: table(entity, routes) });
  return { files, run: made.run, about };
}

const names: Record<ApiKind, string> = {
  node: "A REST API on plain Node, without dependencies",
  express: "An API with Express",
  hono: "An API with Hono",
  go: "An HTTP server in Go, on the standard library",
  "python-server": "An HTTP server in Python, on the standard library",
};

function table(entity: Entity | undefined, routes: readonly Route[]): string {
  const rows = routes.map(({ path, about }) => `| GET | ${path} | ${about} |`);
  if (entity !== undefined) {
    const example = JSON.stringify(sampleOf(entity.fields));
    rows.unshift(
      `| GET | /${entity.many} | all |`,
      `| POST | /${entity.many} | creates one: \`${example}\` |`,
      `| GET | /${entity.many}/:id | one |`,
      `| PATCH | /${entity.many}/:id | changes the fields that are sent |`,
      `| DELETE | /${entity.many}/:id | deletes it |`,
    );
  }
  const fields =
    entity === undefined
      ? ""
      : `\n\nFields: ${entity.fields.map(({ name, type }, index) => `\`${name}\` (${type}${index === 0 ? ", required" : ""})`).join(", ")}.`;
  return `| method | path | answer |\n| --- | --- | --- |\n${rows.join("\n")}${fields}`;
}

/** In the templates a record is an item. */
function named(source: string, entity: Entity | undefined): string {
  if (entity === undefined) return source;
  const { one, many } = entity;
  const words: Record<string, string> = { item: one, items: many, Item: capitalise(one), Items: capitalise(many) };
  return source
    .replace(/(?<!\.)(?:items?|Items?)(?![a-z])|(?<=\.)items(?!\()/g, (word) => words[word] ?? word)
    .replace(/\b([Aa])n (?=([a-z])\w*\b)/g, (whole, article: string, letter: string) =>
      source.includes(`${whole}item`) && !"aeio".includes(letter) ? `${article} ` : whole,
    );
}

const samples: Record<string, string | number> = {
  title: "First",
  name: "Ada",
  author: "Ada Lovelace",
  email: "ada@example.com",
  year: 2024,
  date: "2026-01-31",
  price: 12.5,
};

export function sampleOf(fields: readonly Field[]): Record<string, string | number | boolean> {
  return Object.fromEntries(
    fields.map(({ name, type }) => {
      const known = samples[name];
      if (type === "boolean") return [name, true];
      if (type === "number") return [name, typeof known === "number" ? known : 3];
      return [name, typeof known === "string" ? known : `some ${name}`];
    }),
  );
}

function testValues(entity: Entity | undefined): Record<string, string> {
  const fields = entity?.fields ?? [];
  const last = fields.at(-1);
  const changed =
    last === undefined ? {} : { [last.name]: last.type === "boolean" ? false : last.type === "number" ? 4 : "changed" };
  return {
    sample: literal(sampleOf(fields)),
    change: literal(changed),
    required: fields[0]?.name ?? "",
    defaults: "",
  };
}

/** `{ title: "First" }` */
function literal(value: Record<string, unknown>): string {
  return `{ ${Object.entries(value)
    .map(([name, each]) => `${name}: ${JSON.stringify(each)}`)
    .join(", ")} }`;
}

function nodeFiles(
  kind: "node" | "express" | "hono",
  title: string,
  entity: Entity | undefined,
  features: Set<string>,
) {
  const rendering = { values: { title, ...testValues(entity) }, features };
  const make = (path: string) => named(render(path, rendering), entity);
  const dependencies = {
    node: {},
    express: { express: "5.3.0" },
    hono: { "@hono/node-server": "2.1.9", hono: "4.13.19" },
  }[kind];
  const files: Record<string, string> = {
    "package.json": json({
      name: slug(title),
      version: "0.1.0",
      private: true,
      type: "module",
      engines: { node: ">=20" },
      scripts: { start: "node src/main.js", test: "node --test" },
      ...(kind === "node" ? {} : { dependencies }),
    }),
    "src/main.js": make("api/src/main.js"),
    "src/server.js": make(`${kind}/src/server.js`),
    "test/api.test.js": make("api/test/api.test.js"),
    ".gitignore": `node_modules/\n${entity === undefined ? "" : `${entity.many}.json\n`}`,
  };
  if (entity !== undefined) {
    files["src/store.js"] = make("api/src/store.js");
    files["src/validate.js"] = make("api/src/validate.js");
    const rows = entity.fields.map(
      ({ name, type }, index) => `  ${name}: { type: "${type}", required: ${index === 0} },`,
    );
    files["src/fields.js"] =
      `/** The fields of one of the ${entity.many}, besides its id. */\nexport const fields = {\n${rows.join("\n")}\n};\n`;
  }
  return { files, run: `${kind === "node" ? "" : "npm install\n"}npm start   # http://localhost:3000\nnpm test` };
}

function pythonFiles(title: string, entity: Entity | undefined, features: Set<string>) {
  const types = { string: "str", number: "float", boolean: "bool" };
  const fields = entity?.fields ?? [];
  const python = (value: Record<string, unknown>) =>
    JSON.stringify(value)
      .replace(/\btrue\b/g, "True")
      .replace(/\bfalse\b/g, "False");
  const last = fields.at(-1);
  const change =
    last === undefined ? {} : { [last.name]: last.type === "boolean" ? false : last.type === "number" ? 4 : "changed" };
  const values = {
    title,
    fields: `{${fields.map(({ name, type }) => `"${name}": ${types[type]}`).join(", ")}}`,
    sample: python(sampleOf(fields)),
    change: python(change),
    required: fields[0]?.name ?? "",
  };
  const make = (path: string) => named(render(path, { values, features }), entity);
  const files: Record<string, string> = {
    "server.py": make("python-server/server.py"),
    "test_server.py": make("python-server/test_server.py"),
    ".gitignore": `__pycache__/\n${entity === undefined ? "" : `${entity.many}.json\n`}`,
  };
  if (entity !== undefined) files["store.py"] = make("python-server/store.py");
  return { files, run: "python3 server.py   # http://localhost:8000\npython3 -m unittest" };
}

function goFiles(title: string, entity: Entity | undefined, features: Set<string>) {
  const fields = entity?.fields ?? [];
  const last = fields.at(-1);
  const changed =
    last === undefined
      ? ""
      : `"${last.name}":${last.type === "boolean" ? "false" : last.type === "number" ? "4" : '"changed"'}`;
  const values = {
    title,
    structs: structs(fields),
    sample: JSON.stringify(sampleOf(fields)),
    change: `{${changed}}`,
    changed,
  };
  const make = (path: string) => named(render(path, { values, features }), entity);
  const files: Record<string, string> = {
    "go.mod": `module ${slug(title)}\n\ngo 1.19\n`,
    "main.go": make("go/main.go"),
    "server.go": make("go/server.go"),
    "server_test.go": make("go/server_test.go"),
  };
  if (entity !== undefined) {
    files["store.go"] = make("go/store.go");
    files[".gitignore"] = `${entity.many}.json\n`;
  }
  return { files, run: "go run .      # http://localhost:8080\ngo test ./..." };
}

/** The types of a record and of what is sent, aligned as gofmt does. */
function structs(fields: readonly Field[]): string {
  const types = { string: "string", number: "float64", boolean: "bool" };
  const name = (field: string) => field.split("_").map(capitalise).join("");
  const aligned = (rows: string[][]) => {
    const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    return rows
      .map(([a = "", b = "", c = ""]) => `\t${a.padEnd(widths[0] ?? 0)} ${b.padEnd(widths[1] ?? 0)} ${c}`)
      .join("\n");
  };
  const record = aligned([
    ["ID", "string", '`json:"id"`'],
    ...fields.map((field) => [name(field.name), types[field.type], `\`json:"${field.name}"\``]),
  ]);
  const input = aligned(fields.map((field) => [name(field.name), `*${types[field.type]}`, `\`json:"${field.name}"\``]));
  const applied = fields
    .map((field) => `\tif i.${name(field.name)} != nil {\n\t\tr.${name(field.name)} = *i.${name(field.name)}\n\t}`)
    .join("\n");
  const required = fields[0];
  const check =
    required?.type === "string"
      ? `\tif r.${name(required.name)} == "" {\n\t\treturn errors.New("${required.name} is required")\n\t}\n\treturn nil`
      : required?.type === "number"
        ? `\tif r.${name(required.name)} == 0 {\n\t\treturn errors.New("${required.name} is required")\n\t}\n\treturn nil`
        : "\treturn nil";
  return `// Item is a record as it is kept and sent.
type Item struct {
${record}
}

// Input is what a caller sends: the fields that are there are applied.
type Input struct {
${input}
}

func (i Input) applyTo(r *Item) {
${applied}
}

func (r Item) validate() error {
${check}
}`;
}
