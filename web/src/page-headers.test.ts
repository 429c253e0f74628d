import { describe, expect, test } from "vitest";
import { pageHeaders, type Origins } from "./page-headers.ts";

function policyOf(origins: Origins): Record<string, string[]> {
  const policy = pageHeaders("abc", origins)["content-security-policy"] ?? "";
  return Object.fromEntries(
    policy.split("; ").map((directive) => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources];
    }),
  );
}

const deployed: Origins = {
  app: "https://slipway.example.com",
  blobs: "https://slipway-production-blobs.s3.eu-west-1.amazonaws.com",
  socket: "wss://a1b2c3.execute-api.eu-west-1.amazonaws.com",
  previews: "https://d111.cloudfront.net",
  sandboxPreviews: "https://d222.cloudfront.net",
  sandboxSockets: "wss://d222.cloudfront.net",
};
const local: Origins = {
  app: "http://localhost:3000",
  blobs: "http://127.0.0.1:41233",
  socket: "ws://127.0.0.1:41234",
  previews: "http://*.localhost:3001",
  sandboxPreviews: "http://*.localhost:3001",
  sandboxSockets: "ws://sandbox.localhost:3001",
};

describe("the policy of the pages", () => {
  test("names the deployment's own bucket and socket, and no other of AWS", () => {
    const policy = policyOf(deployed);
    expect(policy["connect-src"]).toEqual(["'self'", deployed.socket, deployed.sandboxSockets, deployed.blobs]);
    expect(policy["img-src"]).toEqual(["'self'", "data:", "blob:", deployed.blobs]);
    expect(policy["media-src"]).toEqual(["'self'", deployed.blobs]);
    expect(policy["frame-src"]).toEqual([deployed.blobs, deployed.previews, deployed.sandboxPreviews]);
    expect(
      Object.values(policy)
        .flat()
        .filter((source) => source.includes("*")),
    ).toEqual([]);
  });

  test("has nothing of loopback or plain HTTP in a deployment", () => {
    const header = pageHeaders("abc", deployed)["content-security-policy"];
    expect(header).not.toMatch(/127\.0\.0\.1|localhost|http:|ws:/);
    expect(header).toContain("upgrade-insecure-requests");
  });

  test("allows the endpoints of a machine's own cloud by their exact ports", () => {
    const policy = policyOf(local);
    expect(policy["connect-src"]).toEqual(["'self'", local.socket, local.sandboxSockets, local.blobs]);
    expect(policy["upgrade-insecure-requests"]).toBeUndefined();
    // Each preview is a host of its own, and may only be framed.
    expect(policy["frame-src"]).toEqual([local.blobs, local.previews]);
    expect(
      Object.entries(policy).flatMap(([name, sources]) => (sources.some((one) => one.includes("*")) ? [name] : [])),
    ).toEqual(["frame-src"]);
  });

  test("runs only scripts with the page's nonce, and is framed by nobody", () => {
    for (const policy of [policyOf(deployed), policyOf(local)]) {
      expect(policy["script-src"]).toEqual(["'self'", "'nonce-abc'"]);
      expect(policy["frame-ancestors"]).toEqual(["'none'"]);
      expect(policy["object-src"]).toEqual(["'none'"]);
      expect(policy["base-uri"]).toEqual(["'none'"]);
      expect(policy["form-action"]).toEqual(["'self'"]);
    }
  });
});
