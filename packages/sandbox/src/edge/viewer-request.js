// A CloudFront function (cloudfront-js-2.0, at most 10 KB), and the same code in the local edge. It lets a request through
// to the one task that its token names. It knows no Ed25519: the runner checks the token's signature.
// The key-value store holds `mac-<kid>` (base64url) and `origins`: a pattern for the whole of `host:port`.
import cf from "cloudfront";
const crypto = require("crypto");

const store = cf.kvs();
const entrance = "/__slipway/preview";
const cookieName = "__Host-pv";
const month = 2592000;

async function handler(event) {
  const request = event.request;
  const headers = request.headers;
  const found = findToken(request);
  delete headers["x-slipway-token"];
  if (!found) return refuse(401, "Unauthorized", "Open this preview from the workspace.");
  const claims = await verified(found.token);
  if (!claims) return refuse(401, "Unauthorized", "This link is not valid or has expired. Open it from the workspace.");
  if (!isAllowed(found.from, claims, request)) return refuse(403, "Forbidden", "This token is not for this address.");
  const pattern = new RegExp("^(?:" + (await store.get("origins")) + ")$");
  if (typeof claims.origin !== "string" || !pattern.test(claims.origin)) return refuse(403, "Forbidden", "Bad origin.");
  if (found.from === "entrance") return enter(request, found.token, claims);

  const parts = found.token.split(".");
  headers["x-slipway-token"] = { value: parts[0] + "." + parts[1] };
  if (found.from === "cookie") delete request.cookies[cookieName];
  else request.cookies = {};
  const at = claims.origin.lastIndexOf(":");
  cf.updateRequestOrigin({
    domainName: claims.origin.slice(0, at),
    customOriginConfig: { port: Number(claims.origin.slice(at + 1)), protocol: "http", sslProtocols: ["TLSv1.2"] },
    timeouts: { readTimeout: 60, keepAliveTimeout: 60, connectionTimeout: 5 },
    connectionAttempts: 1,
    originAccessControlConfig: { enabled: false },
  });
  return request;
}

// Where a token is says what it may be for: a cookie, which browsers send by themselves, only ever shows a preview.
function findToken(request) {
  const headers = request.headers;
  if (headers["x-slipway-token"]) return { from: "header", token: headers["x-slipway-token"].value };
  if (headers["sec-websocket-protocol"]) {
    const match = /(?:^|,\s*)slipway\.token\.([\w.-]+)/.exec(headers["sec-websocket-protocol"].value);
    if (match) return { from: "protocol", token: match[1] };
  }
  if (request.uri === entrance) {
    const given = request.querystring.token;
    return given ? { from: "entrance", token: given.value } : undefined;
  }
  const cookie = request.cookies[cookieName];
  return cookie ? { from: "cookie", token: cookie.value } : undefined;
}

function isAllowed(from, claims, request) {
  const host = request.headers.host ? request.headers.host.value : "";
  if (claims.host !== undefined && claims.host !== host) return false;
  if (from === "header")
    return (claims.scope === "control" || claims.scope === "claim") && request.uri.indexOf("/v1/") === 0;
  if (from === "protocol")
    return (
      (claims.scope === "terminal" && (request.uri === "/terminal" || request.uri === "/watch")) ||
      (claims.scope === "watch" && request.uri === "/watch")
    );
  return claims.scope === "preview";
}

async function verified(token) {
  if (token.length > 2048 || !/^[\w-]+\.[\w-]{86}\.[\w-]{43}$/.test(token)) return undefined;
  const parts = token.split(".");
  const claims = parse(parts[0]);
  if (!claims || typeof claims.kid !== "string" || !/^[\w-]{1,32}$/.test(claims.kid)) return undefined;
  let secret;
  try {
    secret = await store.get("mac-" + claims.kid);
  } catch (error) {
    return undefined;
  }
  const mac = crypto.createHmac("sha256", Buffer.from(secret, "base64url"));
  if (!isEqual(mac.update(parts[0] + "." + parts[1]).digest("base64url"), parts[2])) return undefined;
  return typeof claims.exp === "number" && claims.exp * 1000 > Date.now() ? claims : undefined;
}

function parse(payload) {
  try {
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? claims : undefined;
  } catch (error) {
    return undefined;
  }
}

// In constant time.
function isEqual(a, b) {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return difference === 0;
}

// Turns the token of the address into a cookie. Where previews share a host, what another one left in the browser is cleared
// first, in a reply of its own: in one reply the new cookie would be cleared with the old ones.
function enter(request, token, claims) {
  const query = request.querystring;
  const to = target(query.to ? query.to.value : "%2F");
  const cookie = request.cookies[cookieName];
  const last = cookie ? parse(cookie.value.split(".")[0]) : undefined;
  const isSame = last && last.project === claims.project && last.port === claims.port;
  if (claims.host === undefined && !isSame && !query.cleared) {
    const reply = redirect(entrance + "?cleared=1&token=" + token + "&to=" + encodeURIComponent(to));
    reply.headers["clear-site-data"] = { value: '"cache", "cookies", "storage"' };
    return reply;
  }
  const reply = redirect(to);
  const attributes = "Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=" + month;
  reply.cookies = {};
  reply.cookies[cookieName] = { value: token, attributes: attributes };
  return reply;
}

// A path on this host, and nothing that a browser takes for another one.
function target(encoded) {
  try {
    const to = decodeURIComponent(encoded);
    return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(to) && to.indexOf("/__slipway") !== 0 ? to : "/";
  } catch (error) {
    return "/";
  }
}

function redirect(location) {
  return {
    statusCode: 302,
    statusDescription: "Found",
    headers: {
      location: { value: location },
      "cache-control": { value: "no-store" },
      "referrer-policy": { value: "no-referrer" },
    },
  };
}

function refuse(statusCode, statusDescription, text) {
  return {
    statusCode: statusCode,
    statusDescription: statusDescription,
    headers: { "content-type": { value: "text/plain; charset=utf-8" }, "cache-control": { value: "no-store" } },
    body: text,
  };
}
