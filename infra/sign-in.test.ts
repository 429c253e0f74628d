import { expect, test } from "vitest";
import { openProvider } from "./sign-in.ts";
import { plantedSecrets, synthesise } from "./synth/synth.ts";

const github = { type: "github", clientId: "x", clientSecret: "y" };
const oidc = (issuer: string) => ({ ...github, type: "oidc", id: "x", name: "X", issuer });

test.each([
  ["github.com", [github], "GitHub"],
  ["Google accounts", [oidc("https://accounts.google.com")], "https://accounts.google.com"],
  ["every Microsoft account", [oidc("https://login.microsoftonline.com/common/v2.0")], /common/],
  ["one provider of several", [oidc("https://id.example.com"), github], "GitHub"],
])("%s lets anyone in", (_, providers, name) => {
  expect(openProvider(JSON.stringify(providers), [])).toMatch(name);
  expect(openProvider(JSON.stringify(providers), ["@example.com"])).toBeUndefined();
  expect(openProvider(JSON.stringify(providers), ["*"])).toBeUndefined();
});

test.each([
  ["a GitHub Enterprise server", [{ ...github, baseUrl: "https://git.example.com" }]],
  ["a company's own issuer", [oidc("https://id.example.com")]],
  ["one tenant of Microsoft Entra", [oidc("https://login.microsoftonline.com/8f3c/v2.0")]],
  ["no provider", []],
])("%s does not", (_, providers) => {
  expect(openProvider(JSON.stringify(providers), [])).toBeUndefined();
});

test("refuses to deploy without members when anyone could sign in", () => {
  expect(() => synthesise("trial", { SLIPWAY_MEMBERS: "" })).toThrow("Anyone could sign in through GitHub");
  const own = JSON.stringify([{ ...oidc("https://id.example.com") }]);
  expect(() => synthesise("trial", { SLIPWAY_MEMBERS: "", SST_SECRET_AuthProviders: own })).not.toThrow();
  expect(plantedSecrets.AuthProviders).toContain("github");
});
