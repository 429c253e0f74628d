import { expect, test } from "vitest";
import { describe } from "@slipway/core/registry";
import { price as priceOf, tokensOf, type Tokens } from "./price.ts";

const price = (model: string, tokens: Tokens, paidBy: "team" | "person" = "team") =>
  priceOf({ info: describe(model), paidBy }, tokens);

test("each kind of token has its own rate", () => {
  const tokens = { input: 1000, output: 100, cacheRead: 10_000, cacheWrite: 2000 };
  const { dollars, priced } = price("global.anthropic.claude-sonnet-5-5", tokens);
  expect(dollars).toBeCloseTo((1000 * 2 + 100 * 10 + 10_000 * 0.1 + 2000 * 2.5) / 1e6, 12);
  expect(priced).toMatch(/^\d{4}-\d\d-\d\d$/);
});

test("a banded model is priced by the whole prompt, cached tokens included", () => {
  const small = { input: 100_000, output: 0, cacheRead: 0, cacheWrite: 0 };
  const large = { input: 50_000, output: 0, cacheRead: 50_001, cacheWrite: 0 };
  expect(price("global.anthropic.claude-haiku-5-5", small).dollars).toBeCloseTo(0.01);
  expect(price("global.anthropic.claude-haiku-5-5", large).dollars).toBeCloseTo((50_000 * 0.5 + 50_001 * 0.05) / 1e6);
});

test("what is written for an hour has its own rate, and is part of the prompt", () => {
  const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 60_000, cacheWriteHour: 50_000 };
  expect(price("global.anthropic.claude-sonnet-5-5", tokens).dollars).toBeCloseTo((60_000 * 2.5 + 50_000 * 4) / 1e6);
  expect(price("global.anthropic.claude-haiku-5-5", tokens).dollars).toBeCloseTo((60_000 * 0.625 + 50_000) / 1e6);
});

test("tokens written for an hour are told apart where the provider says them", () => {
  const inputTokenDetails = { noCacheTokens: 10, cacheReadTokens: 0, cacheWriteTokens: 900 };
  const usage = { inputTokens: 910, outputTokens: 5, totalTokens: 915, inputTokenDetails };
  const outputTokenDetails = { textTokens: 5, reasoningTokens: 0 };
  const of = (raw: object) => tokensOf({ ...usage, outputTokenDetails, raw: { ...raw } });
  const expected = { input: 10, output: 5, cacheRead: 0, cacheWrite: 200, cacheWriteHour: 700 };
  expect(
    of({
      cacheDetails: [
        { ttl: "1h", inputTokens: 700 },
        { ttl: "5m", inputTokens: 200 },
      ],
    }),
  ).toEqual(expected);
  expect(of({ cache_creation: { ephemeral_1h_input_tokens: 700 } })).toEqual(expected);
  expect(of({ cacheDetails: "nonsense" })).toMatchObject({ cacheWrite: 900 });
});

test("what a person's own key pays for costs the team nothing", () => {
  const tokens = { input: 1000, output: 1000, cacheRead: 0, cacheWrite: 0 };
  expect(price("anthropic@team/claude-opus-5-5", tokens).dollars).toBeGreaterThan(0);
  expect(price("anthropic@own/claude-opus-5-5", tokens, "person").dollars).toBe(0);
});

test("a model without a price costs nothing", () => {
  expect(price("qwen3-coder", { input: 1e6, output: 1e6, cacheRead: 0, cacheWrite: 0 }).dollars).toBe(0);
});
