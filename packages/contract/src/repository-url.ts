import { isRefName } from "./ref-name.ts";

/**
 * Parses what people paste for a repository, without a request: every usual form of URL, `owner/repo` and
 * `owner/repo#ref`. It imports nothing, so the dialog can validate as someone types.
 */

export interface RepositoryURL {
  owner: string;
  repo: string;
  /**
   * The default branch, a `ref` by its full name, a pull request, a commit, or a `path`: a ref followed by a folder, or a
   * file if `isFile`. Branch names may contain slashes, so only the repository can tell where the ref ends.
   */
  at:
    | { kind: "default" }
    | { kind: "ref"; name: string }
    | { kind: "path"; segments: string[]; isFile: boolean }
    | { kind: "pull"; number: number }
    | { kind: "commit"; sha: string };
}

export type ParsedURL = { ok: true; url: RepositoryURL } | { ok: false; reason: string };

const ownerPattern = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9_])?$/;
const repoPattern = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
const shaPattern = /^[0-9a-f]{7,64}$/i;

/** `host` is the deployment's GitHub, such as `github.com` or `git.example.com:8443`. */
export function parseRepositoryURL(input: string, host = "github.com"): ParsedURL {
  const text = input.trim();
  if (text === "") return refuse("Paste the address of a repository.");
  if (text.length > 2000) return refuse("This is too long for an address.");
  if (/[\s\p{Cc}\\]/u.test(text)) return refuse("An address has no spaces in it.");

  // owner/repo and owner/repo#ref, before anything that looks like a host.
  const short = /^([^/:@#?]+)\/([^/:@#?]+?)(?:\.git)?\/?(?:#(.+))?$/.exec(text);
  if (short?.[1] && short[2] && !short[1].includes("."))
    return build(short[1], short[2], [], short[3] === undefined ? undefined : decode(short[3]));

  const scp = /^(?:[\w-]+)@([^/:]+):(?!\d+\/)(.+)$/.exec(text);
  const url = parseURL(
    scp?.[1] && scp[2] ? `ssh://git@${scp[1]}/${scp[2]}` : text.replace(/^git\+(?=https?:|ssh:)/i, ""),
  );
  if (!url) return refuse("This is not the address of a repository. Try https://github.com/owner/repository.");
  if (!["http:", "https:", "ssh:", "git:"].includes(url.protocol))
    return refuse("Use an https or ssh address of a repository.");
  if (url.password !== "" || (url.username !== "" && url.protocol !== "ssh:"))
    return refuse("This address has a password or token in it. Take it out; connect GitHub instead.");

  const segments = url.pathname.split("/").filter(Boolean).map(decode);
  const isSSH = url.protocol === "ssh:" || url.protocol === "git:";
  const hostName = host.replace(/:\d+$/, "").toLowerCase();
  const given = url.hostname.toLowerCase().replace(/^www\./, "");
  // A page's fragment is an anchor, such as a heading of its readme. `.git#ref` is how package managers name a ref.
  const isPage = !isSSH && !/\.git\/?$/i.test(url.pathname) && !/^git\+/i.test(text);
  const fragment = decode(url.hash.slice(1));
  const hash = fragment === "" || (isPage && (url.search !== "" || !looksLikeRef(fragment))) ? undefined : fragment;
  const [owner = "", repo = "", ...rest] = segments;
  if (hostName === "github.com") {
    if (given === "github.dev") return build(owner, repo, rest, hash);
    if (given === "raw.githubusercontent.com") return build(owner, repo, ["blob", ...rest.filter(isNotRefs)], hash);
    if (given === "api.github.com" && owner === "repos") return build(repo, rest[0] ?? "", [], hash);
    if (given === "codeload.github.com") return build(owner, repo, ["archive", ...rest.slice(1)], hash);
    if (given === "ssh.github.com" && isSSH) return build(owner, repo, rest, hash);
  }
  const isOurs = given === hostName && (isSSH || url.host.replace(/^www\./i, "").toLowerCase() === host.toLowerCase());
  if (!isOurs) return refuse(`Only repositories of ${host} can be imported here, not of ${url.host}.`);
  return build(owner, repo, rest, hash);
}

function build(owner: string, name: string, rest: string[], hash: string | undefined): ParsedURL {
  const repo = name.replace(/\.git$/i, "");
  if (owner === "" || repo === "") return refuse("The address lacks the repository: it goes owner/repository.");
  if (!ownerPattern.test(owner)) return refuse(`"${owner}" is not the name of an owner.`);
  if (!repoPattern.test(repo)) return refuse(`"${repo}" is not the name of a repository.`);
  const made = (at: RepositoryURL["at"]): ParsedURL => ({ ok: true, url: { owner, repo, at } });
  if (hash !== undefined) {
    return isRefName(hash)
      ? made(shaPattern.test(hash) && hash.length >= 40 ? { kind: "commit", sha: hash } : { kind: "ref", name: hash })
      : refuse(`"${hash}" is not the name of a branch or tag.`);
  }
  const [view, ...segments] = rest;
  const [first = "", second = ""] = segments;
  if (view === undefined) return made({ kind: "default" });
  if (segments.some((segment) => segment.split("/").some((name) => name === "." || name === "..")))
    return refuse("The address leads out of the repository.");
  switch (view) {
    case "tree":
    case "blob":
    case "blame":
    case "edit":
    case "raw":
      if (segments.length === 0) return made({ kind: "default" });
      return made({ kind: "path", segments: segments.filter(isNotRefs), isFile: view !== "tree" });
    case "pull":
      if (!/^[1-9]\d{0,9}$/.test(first)) return refuse("The address lacks the number of the pull request.");
      return made({ kind: "pull", number: Number(first) });
    case "commit":
      return shaPattern.test(first) ? made({ kind: "commit", sha: first }) : refuse("The address lacks the commit.");
    case "commits":
      return segments.length === 0
        ? made({ kind: "default" })
        : made({ kind: "path", segments: segments.filter(isNotRefs), isFile: false });
    case "releases":
      return first === "tag" && second !== ""
        ? made({ kind: "ref", name: segments.slice(1).join("/") })
        : made({ kind: "default" });
    case "archive": {
      const ref = segments
        .filter(isNotRefs)
        .join("/")
        .replace(/\.(?:zip|tar\.gz|tgz)$/, "");
      if (ref === "") return refuse("The address lacks the branch or tag.");
      return made(/^[0-9a-f]{40}$/.test(ref) ? { kind: "commit", sha: ref } : { kind: "ref", name: ref });
    }
    default:
      // Issues, actions, settings: pages about the repository.
      return made({ kind: "default" });
  }
}

/** `refs/heads/main` in an address is `main`. */
function isNotRefs(segment: string, index: number, all: string[]): boolean {
  const hasPrefix = all[0] === "refs" && (all[1] === "heads" || all[1] === "tags");
  return !(hasPrefix && index < 2);
}

function parseURL(text: string): URL | undefined {
  const hasScheme = /^[a-z][a-z+.-]*:\/\//i.test(text);
  const candidate = hasScheme ? text : /^[^/]+\.[^/]+\/|^localhost(?::\d+)?\//i.test(text) ? `https://${text}` : "";
  if (candidate === "" || !URL.canParse(candidate)) return undefined;
  return new URL(candidate);
}

/** People add a version, a commit or a branch with a slash to the address of a page. A heading looks like neither. */
function looksLikeRef(fragment: string): boolean {
  return /^(?:v?\d[\w.-]*|[0-9a-f]{40}|main|master|develop|[^/]+\/.+)$/i.test(fragment);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refuse(reason: string): ParsedURL {
  return { ok: false, reason };
}
