import { expect, test } from "vitest";
import { hostRisk, isSameHost } from "./host.ts";
import { matches } from "./pattern.ts";

const covers = (pattern: string, url: string) => matches(pattern, hostRisk(new URL(url)).text);

test("a page asks by its host, and what is answered covers that host alone", () => {
  const url = "https://docs.python.org/3/library/re.html?highlight=x#re";
  const pattern = "https://docs.python.org/*";
  expect(hostRisk(new URL(url))).toEqual({ text: url, answer: "ask", reason: "It reads docs.python.org.", pattern });
  for (const covered of [url, "https://docs.python.org", "HTTPS://DOCS.python.org/3", "https://docs.python.org:443/a"])
    expect(covers(pattern, covered), covered).toBe(true);
  for (const other of [
    "http://docs.python.org/3",
    "https://docs.python.org.evil.example/3",
    "https://docs.python.org:8443/3",
    "https://evil.example/https://docs.python.org/3",
    "https://docs.python.org@evil.example/",
    "https://evil.example#https://docs.python.org/",
  ])
    expect(covers(pattern, other), other).toBe(false);
});

test("a redirect stays with its host, with or without www", () => {
  const isFollowed = (to: string) => isSameHost(new URL("https://a.example/"), new URL(to));
  for (const to of ["https://a.example/b", "https://www.a.example/"]) expect(isFollowed(to)).toBe(true);
  for (const to of ["https://b.example/", "https://x.a.example/"]) expect(isFollowed(to)).toBe(false);
});
