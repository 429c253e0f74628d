/** Addresses of a preview's pages, below its site. A file may be called `a#b?c%d.html`. */

/** Of a file. */
export function addressOf(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** As people read it in the bar. `addressTyped` makes the same address of it. */
export function readableAddress(address: string): string {
  try {
    return decodeURI(address.replaceAll("%25", "%2525"));
  } catch {
    return address;
  }
}

/** Of what a person typed: "?" and "#" begin a query and a fragment, as everywhere. */
export function addressTyped(typed: string): string {
  const path = typed.trim().replace(/^\/+/, "").toWellFormed();
  return encodeURI(path).replace(/%25([0-9a-f]{2})/gi, "%$1");
}

/** The file that it names. */
export function fileOf(address: string): string {
  const [name = ""] = address.split(/[?#]/);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
