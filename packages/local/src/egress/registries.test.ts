import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { combine, readRegistries, registriesOfNpm, settingsOfPip } from "./registries.ts";

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
    "global.constraint='/opt/pypi/constraints.txt'",
    "global.index-url='https://pypi.acme.test/simple'",
    "global.extra-index-url='file:///opt/pypi/simple https://other.test:8443/simple'",
  ].join("\n");
  expect(Object.fromEntries(settingsOfPip(list))).toEqual({
    "find-links": ["/opt/wheels"],
    "index-url": ["https://pypi.acme.test/simple"],
    "extra-index-url": ["file:///opt/pypi/simple", "https://other.test:8443/simple"],
    constraint: ["/opt/pypi/constraints.txt"],
  });
  const found = combine(new Map(), settingsOfPip(list));
  expect(found.folders).toContain("/opt/pypi/constraints.txt");
  expect(found.pipConf).toContain("constraint = /opt/pypi/constraints.txt\n");
});

test("opens the folder that the pages of an index in a folder link to", async () => {
  const root = mkdtempSync(join(tmpdir(), "slipway-registries-"));
  try {
    mkdirSync(join(root, "simple/flask"), { recursive: true });
    mkdirSync(join(root, "files"));
    writeFileSync(join(root, "simple/flask/index.html"), `<a href="../../files/flask-3.whl">flask-3.whl</a>`);
    writeFileSync(join(root, "python3"), `#!/bin/sh\necho "global.index-url='file://${root}/simple'"\n`, {
      mode: 0o755,
    });
    const { folders } = await readRegistries({ PATH: `${root}:/usr/bin:/bin` });
    expect(folders).toEqual(expect.arrayContaining([`${root}/simple`, `${root}/files`]));
  } finally {
    rmSync(root, { recursive: true });
  }
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
