export { open, type Access } from "./access.ts";
export { pull } from "./pull.ts";
export { push } from "./push.ts";

/**
 * The store's side of a sandbox's sync. The runner is untrusted: its token says which project of which sandbox, every path and
 * content is checked, and where both sides changed a file the store's version stays.
 */
