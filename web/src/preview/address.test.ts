import { describe, expect, test } from "vitest";
import { addressOf, addressTyped, fileOf, readableAddress } from "./address.ts";

describe("an address in a preview", () => {
  test.each([
    "index.html",
    "docs/a b.html",
    "a#b.html",
    "what?.html",
    "100%.html",
    "%23.html",
    "%2523.html",
    "größe/漢字 😀.md",
    "a&b=c;d,e+f.html",
    "[x] (1)'!.html",
    "a\\b.html",
  ])("of %s leads to that file, also from the bar", (path) => {
    const address = addressOf(path);
    expect(address).not.toMatch(/[?#\s]/);
    expect(fileOf(address)).toBe(path);
    expect(new URL(`https://site/${addressTyped(readableAddress(address))}`).pathname).toBe(
      new URL(`https://site/${address}`).pathname,
    );
  });

  test("is read in the bar without codes where nothing is ambiguous", () => {
    expect(readableAddress(addressOf("größe/a b.html"))).toBe("größe/a b.html");
    expect(readableAddress("a%23b.html?q=1#top")).toBe("a%23b.html?q=1#top");
    expect(readableAddress("%ff.html")).toBe("%ff.html");
  });

  test("may be typed with a query and a fragment, and with half a code", () => {
    expect(addressTyped("/docs/a b.html?q=ü#top")).toBe("docs/a%20b.html?q=%C3%BC#top");
    expect(addressTyped("100%.html")).toBe("100%25.html");
    expect(fileOf("docs/a%20b.html?q#top")).toBe("docs/a b.html");
  });
});
