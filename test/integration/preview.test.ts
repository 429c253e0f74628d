import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { projectWith } from "../support/page.ts";

/** Previews: a project's files as a site, on an origin of its own. */

let cloud: Cloud & { remove(): Promise<void> };
let client: Client;
let project: string;
let site: URL;

beforeAll(async () => {
  cloud = await cloudWith();
  client = await signIn(cloud.url, { name: "Viewer", plan: "pro" });
  project = await projectWith(client, {
    "index.html": "<!doctype html><html><head><title>Home</title></head><body>home</body></html>",
    "about/index.html": "<p>about</p>",
    "docs/README.md": "---\nname: x\n---\n# Guide\n\n[link](../about/) <script>alert(1)</script>\n",
    "docs/notes.txt": "notes",
    "app.js": "export default 1;",
    "main.tsx": "export default <p />;",
    "style.css": "body {}",
    "data/ä b.json": "{}",
    "picture.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    ".env": "SECRET=1",
    "src/.hidden/x.js": "1",
    "why? 100%/a.md": "# Odd\n",
  });
  site = await addressFor(client);
});
afterAll(() => cloud.remove());

async function addressFor(of: Client): Promise<URL> {
  return new URL(String((await of.get(`/api/projects/${project}/preview`)).json().url));
}

interface Reply {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}

/** As a browser asks, which resolves every name below `localhost` to this machine. */
function get(path: string, headers: Record<string, string> = {}, at = site, method = "GET"): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port: at.port, path, method, headers: { host: at.host, ...headers } },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    request.on("error", reject);
    request.end();
  });
}
const asPart = { "sec-fetch-dest": "script" };

describe("a preview", () => {
  test("is a site: index pages, folders, types, and names of any kind", async () => {
    const home = await get("/");
    expect(home).toMatchObject({ status: 200, headers: { "content-type": "text/html; charset=utf-8" } });
    expect(home.text).toContain('<head><script src="/.slipway/preview.js"></script><title>Home</title>');
    expect(await get("/about")).toMatchObject({ status: 302, headers: { location: "/about/" } });
    expect((await get("/about/")).text).toContain("<p>about</p>");
    expect((await get("/app.js", asPart)).headers["content-type"]).toBe("text/javascript; charset=utf-8");
    expect((await get("/style.css", asPart)).headers["content-type"]).toBe("text/css; charset=utf-8");
    expect((await get("/picture.svg", asPart)).headers["content-type"]).toBe("image/svg+xml; charset=utf-8");
    // A browser names what it refuses, instead of running half of it.
    expect((await get("/main.tsx", asPart)).headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(await get("/data/%C3%A4%20b.json", asPart)).toMatchObject({ status: 200, text: "{}" });
    expect(await get("/docs/notes.txt?x=1")).toMatchObject({ status: 200, text: "notes" });
  });

  test("changes with its files, and is not sent again unchanged", async () => {
    const first = await get("/style.css", asPart);
    const tag = String(first.headers.etag);
    expect(await get("/style.css", { ...asPart, "if-none-match": tag })).toMatchObject({ status: 304, text: "" });
    const file = `/api/projects/${project}/files/style.css`;
    const { rev } = (await client.get(file)).json();
    const saved = await client.request("PUT", file, {
      body: { content: "p {}" },
      headers: { "if-match": `"${String(rev)}"` },
    });
    expect(saved.status).toBe(200);
    expect(await get("/style.css", { ...asPart, "if-none-match": tag })).toMatchObject({ status: 200, text: "p {}" });
  });

  test("renders Markdown without running what it holds, and lists a folder without an index", async () => {
    const guide = await get("/docs/README.md");
    expect(guide.headers["content-type"]).toMatch(/^text\/html/);
    expect(guide.text).toContain("<h1>Guide</h1>");
    expect(guide.text).toContain("name: x");
    expect(guide.text).toContain("&lt;script&gt;");
    expect(guide.text).not.toContain("<script>alert");
    expect(guide.headers["content-security-policy"]).toContain("script-src 'self'");
    // A page that fetches it gets the text.
    expect((await get("/docs/README.md", { "sec-fetch-dest": "empty" })).text).toMatch(/^---\nname/);
    const list = await get("/docs/");
    expect(list.text).toContain('<a href="README.md">README.md</a>');
    expect(list.text).not.toContain("notes.txt");
    expect(await get("/why%3F%20100%25")).toMatchObject({ status: 302, headers: { location: "/why%3F%20100%25/" } });
    expect((await get("/why%3F%20100%25/")).text).toContain('<a href="a.md">');
  });

  test("never serves hidden files, and says plainly what is missing", async () => {
    for (const path of [
      "/.env",
      "/src/.hidden/x.js",
      "/docs/../.env",
      "/%2eenv",
      "/./.env",
      "/%E2%80%8B.env",
      "/%C2%AD.env",
    ]) {
      const reply = await get(path);
      expect(reply.status, path).toBe(404);
      expect(reply.text).not.toContain("SECRET");
    }
    expect((await get("/none.html")).text).toContain("has no file “none.html”");
    expect(await get("/none.js", asPart)).toMatchObject({ status: 404, text: 'The project has no file "none.js".' });
    expect((await get("/%E0%A4%A")).status).toBe(404);
  });

  test("is read only, framed by the app alone, and shares nothing with it", async () => {
    expect((await get("/", {}, site, "POST")).status).toBe(405);
    const { headers } = await get("/");
    expect(headers["content-security-policy"]).toBe(`frame-ancestors ${cloud.url}`);
    expect(headers["set-cookie"]).toBeUndefined();
    expect(headers["referrer-policy"]).toBe("same-origin");
    expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    expect(headers["access-control-allow-origin"]).toBeUndefined();
    expect(site.origin).not.toBe(cloud.url);
    expect((await get("/api/me")).status).toBe(404);
  });

  test("belongs to one person: nobody else gets an address, and a forged one shows nothing", async () => {
    const stranger = await signIn(cloud.url, { name: "Stranger" });
    expect((await stranger.get(`/api/projects/${project}/preview`)).status).toBe(404);
    const [label = ""] = site.host.split(".");
    const other = (await stranger.get("/api/me")).json();
    const theirs = String(other.id ?? "usr_01M8BQ1YQZKT5JXEJ39DJPZ80R")
      .slice(4)
      .toLowerCase();
    const forged = [
      label.slice(0, 26) + theirs + label.slice(52),
      `${label.slice(0, -1)}${label.endsWith("0") ? "1" : "0"}`,
      label.slice(0, 26) + label.slice(0, 26) + label.slice(52),
      "x",
    ];
    for (const name of forged) {
      const reply = await get("/", {}, new URL(`http://${name}.localhost:${site.port}/`));
      expect(reply.status, name).toBe(404);
      expect(reply.text).not.toContain("home");
    }
    expect((await get("/", {}, new URL(`http://127.0.0.1:${site.port}/`))).status).toBe(421);
  });

  test("ends with the person's logins", async () => {
    const person = await signIn(cloud.url, { name: "Leaver", plan: "pro" });
    const own = await projectWith(person, { "index.html": "mine" });
    const at = new URL(String((await person.get(`/api/projects/${own}/preview`)).json().url));
    expect((await get("/", {}, at)).text).toContain("mine");
    expect((await person.post("/api/me/sign-out-everywhere")).status).toBe(200);
    expect((await get("/", {}, at)).status).toBe(404);
  });
});
