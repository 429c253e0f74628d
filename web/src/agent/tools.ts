/** What a tool does, as its card says it. */
export const verbs: Record<string, string> = {
  list_files: "List files",
  read_file: "Read",
  search_files: "Search",
  create_file: "Create",
  edit_file: "Edit",
  apply_patch: "Patch",
  rename_file: "Rename",
  move_files: "Move",
  delete_files: "Delete",
  create_folder: "Make folder",
  fetch_url: "Fetch",
};

/** What it is done to: a path, a pattern, an address. */
export function subjectOf(input: unknown): string {
  if (typeof input !== "object" || input === null) return "";
  const fields = input as Record<string, unknown>;
  if (typeof fields.path === "string")
    return typeof fields.newPath === "string" ? `${fields.path} → ${fields.newPath}` : fields.path;
  if (Array.isArray(fields.paths)) return fields.paths.slice(0, 3).join(", ") + (fields.paths.length > 3 ? " …" : "");
  return [fields.pattern, fields.url].find((field) => typeof field === "string")?.toString() ?? "";
}
