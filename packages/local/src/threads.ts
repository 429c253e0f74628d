import { extname } from "node:path";

/**
 * URL of a worker thread's entry, `<name>-thread` beside this file: TypeScript when run from source, JavaScript when
 * bundled (the build puts all entries of this package into one folder).
 */
export function threadURL(name: string): URL {
  return new URL(`./${name}-thread${extname(import.meta.url)}`, import.meta.url);
}
