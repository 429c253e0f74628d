/** The subject of a tool call, for its card: a path, pattern or URL. */
export function subjectOf(input: unknown): string {
  if (typeof input !== "object" || input === null) return "";
  const fields = input as Record<string, unknown>;
  if (typeof fields.path === "string")
    return typeof fields.newPath === "string" ? `${fields.path} → ${fields.newPath}` : fields.path;
  if (Array.isArray(fields.paths)) return fields.paths.slice(0, 3).join(", ") + (fields.paths.length > 3 ? " …" : "");
  return [fields.pattern, fields.url].find((field) => typeof field === "string")?.toString() ?? "";
}
