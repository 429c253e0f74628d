import { createServer } from "node:http";
// feature:records
import { createStore } from "./store.js";
import { InvalidInput, parseChanges, parseNew } from "./validate.js";
// end:records

/** GET routes besides the records: a path and what it answers. */
const routes = {
  // More routes go here.
};

/** Starts the server; port 0 takes a free one. */
// feature:records
export async function start({ port, file }) {
  const store = createStore(file);
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request, store).catch(failure);
    send(response, status, body);
  });
  await new Promise((resolve) => server.listen(port, resolve));
  return server;
}
// end:records
// not:records
export async function start({ port }) {
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request).catch(failure);
    send(response, status, body);
  });
  await new Promise((resolve) => server.listen(port, resolve));
  return server;
}
// end:records

// feature:records
async function answer(request, store) {
  // end:records
  // not:records
async function answer(request) {
  // end:records
  const { pathname } = new URL(request.url, "http://localhost");
  if (Object.hasOwn(routes, pathname) && request.method === "GET") return { status: 200, body: routes[pathname]() };
  // feature:records
  const [, collection, id, ...rest] = pathname.split("/");
  if (collection === "items" && rest.length === 0) return records(request, store, id);
  // end:records
  return { status: 404, body: { error: `There is no ${pathname}.` } };
}
// feature:records

async function records(request, store, id) {
  const method = request.method;
  if (id === undefined) {
    if (method === "GET") return { status: 200, body: store.all() };
    if (method === "POST") return { status: 201, body: store.add(parseNew(await readJson(request))) };
    return { status: 405, body: { error: "Only GET and POST are allowed here." } };
  }
  const missing = { status: 404, body: { error: `There is no item ${id}.` } };
  if (store.find(id) === undefined) return missing;
  if (method === "GET") return { status: 200, body: store.find(id) };
  if (method === "PATCH") return { status: 200, body: store.change(id, parseChanges(await readJson(request))) };
  if (method === "DELETE") return store.remove(id) ? { status: 204 } : missing;
  return { status: 405, body: { error: "Only GET, PATCH and DELETE are allowed here." } };
}

async function readJson(request) {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 100_000) throw new InvalidInput("the body is too large");
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInput("the body must be JSON");
  }
}
// end:records

function failure(error) {
  // feature:records
  if (error instanceof InvalidInput) return { status: 400, body: { error: error.message } };
  // end:records
  console.error(error);
  return { status: 500, body: { error: "Something went wrong." } };
}

function send(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
