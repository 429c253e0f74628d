import { capitalise, slug } from "../words.ts";
import { readme, type DemoProject } from "./project.ts";

/** A REST API for one kind of item, on plain Node, with tests. */
export function nodeApi(title: string, noun: string): DemoProject {
  const one = slug(noun.replace(/s$/, "")).replace(/-/g, "");
  const many = `${one}s`;
  const Type = capitalise(one);
  const about = `A REST API for ${many} on plain Node: list, read, create, update and delete, with input validation and tests. Data is kept in memory.`;
  const run = "npm start        # http://localhost:3000\nnpm test";
  const manifest = {
    name: slug(title),
    private: true,
    version: "0.1.0",
    type: "module",
    engines: { node: ">=20" },
    scripts: { start: "node src/main.js", test: "node --test" },
  };
  return {
    title,
    about,
    run,
    files: {
      "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
      [`src/${many}.js`]: `/** ${Type}s in memory; replace this file to use a database. */
export function create${Type}s() {
  const ${many} = new Map();
  let lastID = 0;
  return {
    list: () => [...${many}.values()],
    find: (id) => ${many}.get(id),
    add(title) {
      const ${one} = { id: String(++lastID), title, done: false };
      ${many}.set(${one}.id, ${one});
      return ${one};
    },
    change(id, changes) {
      const ${one} = ${many}.get(id);
      if (${one} === undefined) return undefined;
      Object.assign(${one}, changes);
      return ${one};
    },
    remove: (id) => ${many}.delete(id),
  };
}
`,
      "src/app.js": `import { createServer } from "node:http";
import { create${Type}s } from "./${many}.js";

/** The API as a server that is not listening yet, so that tests can choose a port. */
export function createApp(${many} = create${Type}s()) {
  return createServer(async (request, response) => {
    try {
      const { status, body } = await answer(request, ${many});
      send(response, status, body);
    } catch (error) {
      if (error instanceof BadRequest) send(response, 400, { error: error.message });
      else send(response, 500, { error: "Something went wrong." });
    }
  });
}

class BadRequest extends Error {}

async function answer(request, ${many}) {
  const { pathname } = new URL(request.url, "http://localhost");
  const [, collection, id] = pathname.split("/");
  if (collection !== "${many}") return { status: 404, body: { error: "No such route." } };

  if (id === undefined) {
    if (request.method === "GET") return { status: 200, body: ${many}.list() };
    if (request.method === "POST") {
      const { title } = await readJson(request);
      return { status: 201, body: ${many}.add(requireTitle(title)) };
    }
    return { status: 405, body: { error: "Method not allowed." } };
  }

  const missing = { status: 404, body: { error: "No such ${one}." } };
  if (request.method === "GET") {
    const ${one} = ${many}.find(id);
    return ${one} ? { status: 200, body: ${one} } : missing;
  }
  if (request.method === "PATCH") {
    const { title, done } = await readJson(request);
    const changes = {};
    if (title !== undefined) changes.title = requireTitle(title);
    if (done !== undefined) changes.done = Boolean(done);
    const ${one} = ${many}.change(id, changes);
    return ${one} ? { status: 200, body: ${one} } : missing;
  }
  if (request.method === "DELETE") return ${many}.remove(id) ? { status: 204 } : missing;
  return { status: 405, body: { error: "Method not allowed." } };
}

function requireTitle(title) {
  if (typeof title !== "string" || title.trim() === "") throw new BadRequest("title must be a non-empty string");
  return title.trim();
}

async function readJson(request) {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 100_000) throw new BadRequest("the body is too large");
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequest("the body must be JSON");
  }
}

function send(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
`,
      "src/main.js": `import { createApp } from "./app.js";

const port = Number(process.env.PORT ?? 3000);
createApp().listen(port, () => console.log("Listening at http://localhost:" + port + "/${many}"));
`,
      "test/app.test.js": `import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createApp } from "../src/app.js";

let server;
let base;

before(async () => {
  server = createApp();
  await new Promise((resolve) => server.listen(0, resolve));
  base = "http://localhost:" + server.address().port + "/${many}";
});
after(() => server.close());

const send = (method, path, body) =>
  fetch(base + path, { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) });

test("a ${one} can be created, read, updated and deleted", async () => {
  const created = await send("POST", "", { title: " First " });
  assert.equal(created.status, 201);
  const ${one} = await created.json();
  assert.deepEqual(${one}, { id: ${one}.id, title: "First", done: false });
  const changed = await send("PATCH", "/" + ${one}.id, { done: true });
  assert.equal((await changed.json()).done, true);
  assert.equal((await (await fetch(base)).json()).length, 1);
  assert.equal((await send("DELETE", "/" + ${one}.id)).status, 204);
  assert.equal((await fetch(base + "/" + ${one}.id)).status, 404);
});

test("rejects invalid input with a reason", async () => {
  const empty = await send("POST", "", { title: " " });
  assert.equal(empty.status, 400);
  assert.match((await empty.json()).error, /title/);
  const broken = await fetch(base, { method: "POST", body: "{" });
  assert.equal(broken.status, 400);
});

test("answers 404 for unknown ids", async () => {
  assert.equal((await fetch(base + "/999")).status, 404);
  assert.equal((await fetch(base.replace("${many}", "nothing"))).status, 404);
});
`,
      ".gitignore": "node_modules/\n",
      "README.md": readme({
        title,
        about,
        run,
        extra: `| method | path | result |\n|---|---|---|\n| GET | /${many} | all |\n| POST | /${many} | a new one: \`{"title": "…"}\` |\n| GET | /${many}/:id | one |\n| PATCH | /${many}/:id | \`{"title": …, "done": …}\` |\n| DELETE | /${many}/:id | deletes it |`,
      }),
    },
  };
}
