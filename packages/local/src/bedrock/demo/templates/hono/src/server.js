import { serve } from "@hono/node-server";
import { Hono } from "hono";
// feature:records
import { createStore } from "./store.js";
import { InvalidInput, parseChanges, parseNew } from "./validate.js";
// end:records

/** Starts the server; port 0 takes a free one. */
// feature:records
export function start({ port, file }) {
  const app = createApp(createStore(file));
  // end:records
  // not:records
export function start({ port }) {
  const app = createApp();
  // end:records
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port }, () => resolve(server));
  });
}

// feature:records
export function createApp(store) {
  const app = new Hono();
  const missing = (c) => c.json({ error: `There is no item ${c.req.param("id")}.` }, 404);

  app.get("/items", (c) => c.json(store.all()));
  app.post("/items", async (c) => c.json(store.add(parseNew(await readJson(c))), 201));
  app.get("/items/:id", (c) => {
    const record = store.find(c.req.param("id"));
    return record === undefined ? missing(c) : c.json(record);
  });
  app.patch("/items/:id", async (c) => {
    const record = store.change(c.req.param("id"), parseChanges(await readJson(c)));
    return record === undefined ? missing(c) : c.json(record);
  });
  app.delete("/items/:id", (c) => (store.remove(c.req.param("id")) ? c.body(null, 204) : missing(c)));

  // end:records
  // not:records
export function createApp() {
  const app = new Hono();

  // end:records
  // More routes go here.

  app.notFound((c) => c.json({ error: `There is no ${c.req.path}.` }, 404));
  app.onError((error, c) => {
    // feature:records
    if (error instanceof InvalidInput) return c.json({ error: error.message }, 400);
    // end:records
    console.error(error);
    return c.json({ error: "Something went wrong." }, 500);
  });
  return app;
}
// feature:records

async function readJson(c) {
  const text = await c.req.text();
  if (text.length > 100_000) throw new InvalidInput("the body is too large");
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInput("the body must be JSON");
  }
}
// end:records
