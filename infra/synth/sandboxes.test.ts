import { expect, test } from "vitest";
import { ofType } from "./policies.ts";
import { synthesise } from "./synth.ts";

/** What settings change about sandboxes. */

test("without an image nothing can be started, and functions know why", () => {
  const synth = synthesise("trial", { SLIPWAY_SANDBOX_IMAGE: "" });
  expect(ofType(synth, "aws:ecs/taskDefinition:TaskDefinition")).toEqual([]);
  const links = synth.builds.map(({ links }) => links.Sandboxes).filter(Boolean);
  expect(links.length).toBeGreaterThan(2);
  for (const link of links)
    expect(link).toMatchObject({ taskDefinition: "", obstacle: expect.stringContaining("SLIPWAY_SANDBOX_IMAGE") });
});

test("below a domain each server in a sandbox has a host of its own", () => {
  const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/x";
  const synth = synthesise("trial", {
    SLIPWAY_SANDBOX_DOMAIN: "sandbox.example.net",
    SLIPWAY_SANDBOX_CERTIFICATE: certificate,
    SLIPWAY_SANDBOX_POOL: "2",
  });
  const [edge] = ofType(synth, "aws:cloudfront/distribution:Distribution").filter(({ name }) => name === "SandboxEdge");
  expect(edge?.inputs).toMatchObject({
    aliases: ["*.sandbox.example.net"],
    viewerCertificate: { acmCertificateArn: certificate },
  });
  const api = synth.builds.find(({ links }) => links.Sandboxes)?.links;
  expect(api?.Sandboxes).toMatchObject({ pool: 2, port: 8722, hourly: expect.closeTo(0.0445, 6) });
  expect(api?.Sandboxes).not.toHaveProperty("obstacle");
  expect(api?.SandboxEdge).toMatchObject({
    previews: "https://*.sandbox.example.net",
    sockets: "wss://sandbox.sandbox.example.net",
  });
});
