import { expect, test } from "vitest";
import { atOrigin } from "./front.ts";

test.each([
  ["/a?b=c", "http://localhost:1/a?b=c"],
  ["//evil.test/", "http://localhost:1/evil.test/"],
  ["/\\evil.test/", "http://localhost:1/evil.test/"],
  ["///evil.test//x", "http://localhost:1/evil.test//x"],
  ["http://evil.test/", "http://localhost:1/http://evil.test/"],
  ["@evil.test/", "http://localhost:1/@evil.test/"],
])("a request of %s by address is redirected within the origin", (target, expected) => {
  expect(atOrigin(new URL("http://localhost:1"), target)).toBe(expected);
  expect(new URL(expected).host).toBe("localhost:1");
});
