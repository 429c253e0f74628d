import { expect, test } from "vitest";
import { describe, modelsCalled, toModel } from "./registry.ts";
import { families, lookedUp } from "./families.ts";

test("a model is known by any id that a provider uses for it", () => {
  const ids = [
    "global.anthropic.claude-haiku-4-5-20251001-v1:0",
    "anthropic.claude-haiku-4-5-20251001-v1:0",
    "anthropic@team/claude-haiku-4-5-20251001",
    "openrouter@own/anthropic/claude-haiku-4.5",
  ];
  expect(ids.map((id) => describe(id).label)).toEqual(ids.map(() => "Claude Haiku 4.5"));
  expect(describe("openai@own/gpt-5.6-terra-2026-07-09").label).toBe("GPT-5.6 Terra");
  expect(describe("us.amazon.nova-pro-v1:0").label).toBe("Amazon Nova Pro");
});

test("a name that only resembles a known one, or is one of an object's own, is not known", () => {
  for (const id of ["constructor", "__proto__", "my-claude-sonnet-5-5", "demo-2", ""])
    expect(describe(id)).toMatchObject({ label: id, prices: undefined, caching: undefined, efforts: [] });
});

test("another model of a known maker caches and thinks as its kind does, without a price", () => {
  expect(describe("eu.anthropic.claude-mythos-9-v1:0")).toMatchObject({
    label: "eu.anthropic.claude-mythos-9-v1:0",
    contextWindow: 200_000,
    caching: { kind: "points" },
    defaultEffort: "medium",
    prices: undefined,
  });
  expect(describe("meta.llama3-70b-instruct-v1:0")).toMatchObject({ caching: undefined, efforts: [] });
});

test("what the deployment or the provider says takes precedence, and an answer fits the window", () => {
  const said = describe("qwen3:8b", { contextWindow: 16_000, label: "Qwen" });
  expect(said).toMatchObject({ label: "Qwen", contextWindow: 16_000, maxOutput: 16_000 });
});

test("Claude on a regional endpoint of Bedrock costs a tenth more, and nowhere else", () => {
  const input = (id: string) => describe(id).prices?.input;
  expect(input("global.anthropic.claude-sonnet-5-5")).toBe(2);
  expect(input("eu.anthropic.claude-sonnet-5-5")).toBeCloseTo(2.2);
  expect(input("anthropic@team/claude-sonnet-5-5")).toBe(2);
  expect(describe("us.anthropic.claude-haiku-5-5").prices?.above).toMatchObject({
    promptTokens: 100_000,
    output: 2.75,
  });
});

test("every entry is whole: prices dated, reads cheaper than input, a default effort that it has", () => {
  expect(lookedUp).toMatch(/^\d{4}-\d\d-\d\d$/);
  for (const [name, family] of Object.entries(families)) {
    const { prices, efforts, defaultEffort, contextWindow, maxOutput, caching } = family;
    if (prices === undefined) throw new Error(`${name} has no prices`);
    expect(prices.cacheRead, name).toBeLessThanOrEqual(prices.input);
    expect(prices.cacheWriteHour, name).toBeGreaterThanOrEqual(prices.cacheWrite);
    expect(maxOutput, name).toBeLessThan(contextWindow);
    expect(efforts.length === 0 ? [undefined] : efforts, name).toContain(defaultEffort);
    expect(caching === undefined || (caching.kind === "points") === caching.points > 0, name).toBe(true);
  }
});

test("a deployment calls its default, the small model, and what it adds without what it hides", () => {
  const opus = "global.anthropic.claude-opus-5-5";
  const nova = "us.amazon.nova-pro-v1:0";
  expect(modelsCalled("global.anthropic.claude-sonnet-5-5", { added: [nova], hidden: [opus] })).toEqual({
    needed: ["global.anthropic.claude-sonnet-5-5", "global.anthropic.claude-haiku-5-5"],
    offered: [nova],
  });
  expect(modelsCalled(nova)).toEqual({ needed: [nova], offered: [] });
});

test("people see a class of price, and nothing where it is not known", () => {
  const classOf = (id: string) => toModel(describe(id), { isDefault: false }).priceClass;
  const ids = [
    "demo",
    "global.anthropic.claude-haiku-5-5",
    "global.anthropic.claude-sonnet-5-5",
    "eu.anthropic.claude-opus-5-5",
  ];
  expect(ids.map(classOf)).toEqual(["free", "low", "medium", "high"]);
  expect(classOf("qwen3")).toBeUndefined();
});

test("a model that reads text alone is known among its maker's others", () => {
  const blind = { images: false, documents: false };
  expect(describe("us.amazon.nova-micro-v1:0")).toMatchObject({ contextWindow: 128_000, sees: blind });
  expect(describe("us.amazon.nova-premier-v1:0").sees).toEqual({ images: true, documents: true });
});
