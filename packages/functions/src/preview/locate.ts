/** Where a request to a preview leads. */
export interface Located {
  label: string;
  /** Path of the file, decoded, without a slash at its start. */
  path: string;
  /** Prefix of the site's addresses: empty where the host name has the label. */
  base: string;
}

/** Undefined for an address that is not a preview's. */
export function locate(request: Request, origin: string): Located | undefined {
  const { pathname } = new URL(request.url);
  if (origin.includes("*")) {
    const host = request.headers.get("x-forwarded-host") ?? new URL(request.url).host;
    const [before = "", after = ""] = new URL(origin.replace("*", "label")).host.split("label");
    if (!host.startsWith(before) || !host.endsWith(after)) return undefined;
    return decoded(host.slice(before.length, host.length - after.length), pathname, "");
  }
  const [, label, path = ""] = /^\/~([^/]+)(\/.*)?$/.exec(pathname) ?? [];
  return label === undefined ? undefined : decoded(label, path, `/~${label}`);
}

function decoded(label: string, pathname: string, base: string): Located | undefined {
  try {
    return { label, path: decodeURIComponent(pathname.replace(/^\//, "")), base };
  } catch {
    return undefined;
  }
}
