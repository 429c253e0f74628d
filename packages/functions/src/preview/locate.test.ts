import { expect, test } from "vitest";
import { withReporter } from "@slipway/contract/preview-reporter";
import { locate } from "./locate.ts";

const hosts = "https://*.preview.example.net";
const shared = "https://d111.cloudfront.net";
const at = (url: string, host?: string) =>
  new Request(url, host === undefined ? {} : { headers: { "x-forwarded-host": host } });

test("finds label and path in the host name, behind a router too", () => {
  const found = { label: "abc", path: "a b/c.js", base: "" };
  expect(locate(at("https://abc.preview.example.net/a%20b/c.js?x=1"), hosts)).toEqual(found);
  expect(locate(at("https://x.lambda-url.aws/a%20b/c.js", "abc.preview.example.net"), hosts)).toEqual(found);
  expect(locate(at("https://abc.example.net/a"), hosts)).toBeUndefined();
  expect(locate(at("https://abc.preview.example.net/%E0%A4%A"), hosts)).toBeUndefined();
});

test("finds label and path below one shared host", () => {
  expect(locate(at(`${shared}/~abc/docs/`), shared)).toEqual({ label: "abc", path: "docs/", base: "/~abc" });
  expect(locate(at(`${shared}/~abc`), shared)).toEqual({ label: "abc", path: "", base: "/~abc" });
  expect(locate(at(`${shared}/docs/`), shared)).toBeUndefined();
});

test.each([
  ["<!doctype html><html><HEAD lang=x><title>", `<!doctype html><html><HEAD lang=x>|<title>`],
  ["<!DOCTYPE html>\n<p>", "<!DOCTYPE html>|\n<p>"],
  ["<p>a<header>", "|<p>a<header>"],
  ["", "|"],
])("puts its script before every other of %s", (html, expected) => {
  expect(withReporter(html, "/~abc")).toBe(expected.replace("|", '<script src="/~abc/.slipway/preview.js"></script>'));
});
