import express from "express";
// feature:records
import { createStore } from "./store.js";
import { InvalidInput, parseChanges, parseNew } from "./validate.js";
// end:records

/** Starts the server; port 0 takes a free one. */
// feature:records
export async function start({ port, file }) {
  const app = createApp(createStore(file));
  // end:records
  // not:records
export async function start({ port }) {
  const app = createApp();
  // end:records
  return new Promise((resolve, reject) => {
    const server = app.listen(port, (error) => (error ? reject(error) : resolve(server)));
  });
}

// feature:records
function createApp(store) {
  // end:records
  // not:records
function createApp() {
  // end:records
  const app = express();
  app.disable("x-powered-by");
  // feature:records
  app.use(express.json({ limit: "100kb" }));

  app.get("/items", (request, response) => {
    response.json(store.all());
  });
  app.post("/items", (request, response) => {
    response.status(201).json(store.add(parseNew(request.body)));
  });
  app.get("/items/:id", (request, response) => {
    const record = store.find(request.params.id);
    if (record === undefined) throw new NotFound(`There is no item ${request.params.id}.`);
    response.json(record);
  });
  app.patch("/items/:id", (request, response) => {
    const record = store.change(request.params.id, parseChanges(request.body));
    if (record === undefined) throw new NotFound(`There is no item ${request.params.id}.`);
    response.json(record);
  });
  app.delete("/items/:id", (request, response) => {
    if (!store.remove(request.params.id)) throw new NotFound(`There is no item ${request.params.id}.`);
    response.status(204).end();
  });

  // end:records
  // More routes go here.

  app.use((request) => {
    throw new NotFound(`There is no ${request.path}.`);
  });
  app.use(answerError);
  return app;
}

class NotFound extends Error {}

// Express tells an error handler by its four parameters.
function answerError(error, request, response, next) {
  if (response.headersSent) return next(error);
  if (error instanceof NotFound) return response.status(404).json({ error: error.message });
  // feature:records
  if (error instanceof InvalidInput) return response.status(400).json({ error: error.message });
  if (error.type === "entity.parse.failed") return response.status(400).json({ error: "the body must be JSON" });
  if (error.type === "entity.too.large") return response.status(413).json({ error: "the body is too large" });
  // end:records
  console.error(error);
  response.status(500).json({ error: "Something went wrong." });
}
