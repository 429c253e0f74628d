import { fields } from "./fields.js";

/** What the caller did wrong; the message is sent back. */
export class InvalidInput extends Error {}

/** The values of a new item. @throws InvalidInput */
export function parseNew(body) {
  const values = parseChanges(body);
  for (const [name, { type, required }] of Object.entries(fields)) {
    if (values[name] !== undefined) continue;
    if (required) throw new InvalidInput(`${name} is required`);
    values[name] = type === "boolean" ? false : null;
  }
  return values;
}

/** The values to change. Unknown fields are refused, so that a slip is noticed. @throws InvalidInput */
export function parseChanges(body) {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new InvalidInput("the body must be a JSON object");
  const values = {};
  for (const [name, value] of Object.entries(body)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) throw new InvalidInput(`${name} is not a field; the fields are ${Object.keys(fields).join(", ")}`);
    if (value === null && !field.required) {
      values[name] = null;
      continue;
    }
    if (typeof value !== field.type) throw new InvalidInput(`${name} must be a ${field.type}`);
    const trimmed = typeof value === "string" ? value.trim() : value;
    if (trimmed === "" && field.required) throw new InvalidInput(`${name} must not be empty`);
    values[name] = trimmed;
  }
  return values;
}
