import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";

/** An OpenID provider on loopback: discovery, authorisation with PKCE, tokens signed with RS256, keys. */
export interface OidcPeer {
  readonly issuer: string;
  readonly client: { clientId: string; clientSecret: string };
  /** Claims of the next sign-in. */
  claims: Record<string, unknown>;
  close(): Promise<void>;
}

export async function startOidc(): Promise<OidcPeer> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const client = { clientId: "slipway", clientSecret: randomBytes(16).toString("hex") };
  const codes = new Map<string, { challenge: string; nonce: string | null; claims: Record<string, unknown> }>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const at = new URL(request.url ?? "/", peer.issuer);
      if (at.pathname === "/.well-known/openid-configuration") return json(response, 200, discovery());
      if (at.pathname === "/keys")
        return json(response, 200, {
          keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }],
        });
      if (at.pathname === "/authorize") return authorise(response, at.searchParams);
      if (at.pathname === "/token") {
        const form = new URLSearchParams(Buffer.concat(chunks).toString());
        return token(response, form, String(request.headers.authorization ?? ""));
      }
      json(response, 404, {});
    });
  });

  const discovery = () => ({
    issuer: peer.issuer,
    authorization_endpoint: `${peer.issuer}/authorize`,
    token_endpoint: `${peer.issuer}/token`,
    userinfo_endpoint: `${peer.issuer}/userinfo`,
    jwks_uri: `${peer.issuer}/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    code_challenge_methods_supported: ["S256"],
  });

  function authorise(response: ServerResponse, query: URLSearchParams): void {
    const code = randomBytes(12).toString("hex");
    codes.set(code, {
      challenge: query.get("code_challenge") ?? "",
      nonce: query.get("nonce"),
      claims: structuredClone(peer.claims),
    });
    const back = new URL(query.get("redirect_uri") ?? "");
    back.searchParams.set("code", code);
    back.searchParams.set("state", query.get("state") ?? "");
    back.searchParams.set("iss", peer.issuer);
    response.writeHead(302, { location: back.href }).end();
  }

  function token(response: ServerResponse, form: URLSearchParams, authorization: string): void {
    const basic = Buffer.from(authorization.replace("Basic ", ""), "base64").toString();
    const found = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const verifier = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (basic !== `${client.clientId}:${client.clientSecret}` || found?.challenge !== verifier)
      return json(response, 400, { error: "invalid_grant" });
    const now = Math.floor(Date.now() / 1000);
    const { nonce, claims } = found;
    const idToken = jwt({
      iss: peer.issuer,
      aud: client.clientId,
      iat: now,
      exp: now + 300,
      ...(nonce ? { nonce } : {}),
      ...claims,
    });
    json(response, 200, { access_token: "a", token_type: "Bearer", expires_in: 300, id_token: idToken });
  }

  function jwt(payload: Record<string, unknown>): string {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part({ alg: "RS256", kid: "1", typ: "JWT" })}.${part(payload)}`;
    return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
  }

  const peer = {
    issuer: "",
    client,
    claims: {} as Record<string, unknown>,
    close: () => new Promise<void>((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  peer.issuer = `http://127.0.0.1:${address.port}`;
  return peer;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
