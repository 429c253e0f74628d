import { lookup } from "node:dns/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { BlockList, isIP } from "node:net";
import { VisibleError } from "@slipway/contract/error";
import { convert } from "html-to-text";

/**
 * Reads a public page as text. A host is resolved once and connected to at that very address, which must be public: a
 * name cannot turn into an address of our own between the check and the connection. Every redirect is checked anew.
 */

const maxBytes = 1024 * 1024;
const maxRedirects = 3;
const timeout = 10_000;
const maxText = 60_000;

const refused = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  refused.addSubnet(net, bits, "ipv4");
}

/** Whether an address is on the public internet. Of IPv6 only global unicast is, without what embeds an IPv4 address. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !refused.check(address, "ipv4");
  if (family !== 6) return false;
  const global = new BlockList();
  global.addSubnet("2000::", 3, "ipv6");
  const tunnels = new BlockList();
  for (const [net, bits] of [
    ["2001::", 23],
    ["2001:db8::", 32],
    ["2002::", 16],
    ["3fff::", 20],
  ] as const)
    tunnels.addSubnet(net, bits, "ipv6");
  return global.check(address, "ipv6") && !tunnels.check(address, "ipv6");
}

export type Fetcher = (url: string, signal: AbortSignal) => Promise<string>;

/** `allows` is the rule for addresses; only tests give another. @throws VisibleError */
export function createFetcher(allows: (address: string) => boolean = isPublic): Fetcher {
  return async function fetchText(from, signal) {
    let url = parse(from);
    for (let redirects = 0; ; redirects++) {
      const response = await get(url, allows, AbortSignal.any([signal, AbortSignal.timeout(timeout)]));
      const status = response.statusCode ?? 0;
      const { location } = response.headers;
      if (status >= 300 && status < 400 && location !== undefined) {
        response.destroy();
        if (redirects === maxRedirects) throw refuse(`${from} redirects too often.`);
        url = parse(new URL(location, url).href);
        continue;
      }
      if (status < 200 || status >= 300) {
        response.destroy();
        throw refuse(`${url.href} answered ${status}.`);
      }
      return toText(await readBody(response), response.headers["content-type"] ?? "", url);
    }
  };
}

function parse(text: string): URL {
  if (!URL.canParse(text)) throw refuse(`"${text.slice(0, 200)}" is not a URL.`);
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse("Only http and https can be read.");
  if (url.username !== "" || url.password !== "") throw refuse("A URL with a password is not read.");
  return url;
}

async function get(url: URL, allows: (address: string) => boolean, signal: AbortSignal): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const found = isIP(host)
    ? [{ address: host, family: isIP(host) }]
    : await lookup(host, { all: true }).catch(() => []);
  const target = found[0];
  if (target === undefined) throw refuse(`There is no host ${host}.`);
  // One private address among several is enough to refuse: which one is taken is not ours to choose.
  if (found.some(({ address }) => !allows(address))) throw refuse(`${host} is not on the public internet.`);
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  try {
    return await new Promise<IncomingMessage>((resolve, reject) => {
      const call = request(
        url,
        {
          signal,
          headers: {
            "user-agent": "Slipway",
            accept: "text/html, text/*, application/json",
            "accept-encoding": "identity",
          },
          lookup: (_host, options, done) => {
            if (options.all) done(null, [target]);
            else done(null, target.address, target.family);
          },
        },
        resolve,
      );
      call.on("error", reject);
      call.end();
    });
  } catch (error) {
    throw new VisibleError(
      "unavailable",
      `${url.host} could not be read${signal.aborted ? " in time" : ""}.`,
      {},
      error,
    );
  }
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      response.destroy();
      throw refuse("It is larger than 1 MB.");
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toText(body: Buffer, type: string, url: URL): string {
  if (!/^(?:text\/|application\/(?:json|xml|javascript|[a-z.+-]*\+(?:json|xml)))/i.test(type) && type !== "") {
    throw refuse(`${url.href} is not text (${type}).`);
  }
  const raw = body.toString("utf8");
  const text = /html/i.test(type)
    ? convert(raw, {
        wordwrap: false,
        selectors: [
          { selector: "img", format: "skip" },
          { selector: "a", options: { hideLinkHrefIfSameAsText: true } },
        ],
      })
    : raw;
  return text.length > maxText ? `${text.slice(0, maxText)}\n[cut at ${maxText} characters]` : text;
}

function refuse(message: string): VisibleError {
  return new VisibleError("invalid_input", message);
}
