import { expect, test } from "vitest";
import { addressAt } from "./address.ts";

test("a wildcard origin gives each preview an origin of its own, any other a path", () => {
  expect(addressAt("http://*.localhost:3001", "abc")).toBe("http://abc.localhost:3001/");
  expect(addressAt("https://d111.cloudfront.net", "abc")).toBe("https://d111.cloudfront.net/~abc/");
});
