import { expect, test } from "vitest";
import { combine, registriesOfNpm, settingsOfPip } from "./registries.ts";

test("reads the registries of npm, those of scopes too, and nothing else", () => {
  const config = {
    registry: "https://registry.npmjs.org/",
    "@acme:registry": "http://npm.acme.test:4873/",
    "//npm.acme.test:4873/:_authToken": "secret",
    "https-proxy": null,
  };
  expect([...registriesOfNpm(JSON.stringify(config))]).toEqual([
    ["registry", "https://registry.npmjs.org/"],
    ["@acme:registry", "http://npm.acme.test:4873/"],
  ]);
});

test("takes along whose certificates npm trusts", () => {
  const npm = registriesOfNpm(JSON.stringify({ registry: "https://npm.acme.test/", cafile: "/opt/acme/ca.pem" }));
  const found = combine(npm, new Map());
  expect(found.npmrc).toBe("registry=https://npm.acme.test/\ncafile=/opt/acme/ca.pem\n");
  expect(found.folders).toEqual(["/opt/acme/ca.pem"]);
  expect([...found.hosts]).toEqual(["npm.acme.test:443"]);
});

test("reads the sources of pip, whichever file or variable set them", () => {
  const list = [
    ":env:.find-links='/opt/wheels'",
    ":env:.timeout='180'",
    "global.index-url='https://pypi.acme.test/simple'",
    "global.extra-index-url='file:///opt/pypi/simple https://other.test:8443/simple'",
  ].join("\n");
  expect(Object.fromEntries(settingsOfPip(list))).toEqual({
    "find-links": ["/opt/wheels"],
    "index-url": ["https://pypi.acme.test/simple"],
    "extra-index-url": ["file:///opt/pypi/simple", "https://other.test:8443/simple"],
  });
});

test("opens exactly their hosts and folders, and passes no credentials on", () => {
  const found = combine(
    new Map([["registry", "https://user:secret@npm.acme.test/"]]),
    new Map([["extra-index-url", ["file:///opt/pypi/simple", "http://pip.acme.test:8080/simple"]]]),
  );
  expect([...found.hosts]).toEqual(["npm.acme.test:443", "pip.acme.test:8080"]);
  expect(found.folders).toEqual(["/opt/pypi/simple"]);
  expect(found.npmrc).toBe("registry=https://npm.acme.test/\n");
  expect(found.npmrc + found.pipConf).not.toContain("secret");
});
