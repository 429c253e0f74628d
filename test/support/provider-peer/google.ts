import { z } from "zod";
import { refuseUnless, words, type Protocol } from "./protocol.ts";

/** Gemini's API. A call of a function comes back with the signature that it was given, or with the documented way out. */

const Part = z.looseObject({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  functionCall: z.looseObject({ name: z.string(), args: z.looseObject({}).optional() }).optional(),
  functionResponse: z.looseObject({ name: z.string(), response: z.looseObject({}) }).optional(),
});
const Request = z.looseObject({
  contents: z.array(z.looseObject({ role: z.enum(["user", "model"]), parts: z.array(Part).min(1) })).min(1),
  systemInstruction: z.looseObject({ parts: z.array(Part) }).optional(),
  tools: z.unknown().optional(),
  generationConfig: z.looseObject({ maxOutputTokens: z.int().optional() }).optional(),
});

const signature = "c2lnbmVkIGJ5IGdvb2dsZQ==";
const known = new Set([signature, "skip_thought_signature_validator"]);

export const google: Protocol = {
  base: "/google/v1beta",
  keyOf: (headers) => [headers["x-goog-api-key"]].flat()[0],
  list: (models) => ({
    models: [
      ...models.map((name) => ({
        name: `models/${name}`,
        displayName: name,
        inputTokenLimit: 500_000,
        outputTokenLimit: 40_000,
        supportedGenerationMethods: ["generateContent", "countTokens"],
        thinking: true,
      })),
      { name: "models/gemini-embedding-001", supportedGenerationMethods: ["embedContent"] },
    ],
  }),
  parse(path, body) {
    const model = /^\/models\/([^/:]+):(?:streamGenerateContent|generateContent)$/.exec(path)?.[1];
    if (model === undefined) return undefined;
    const parsed = Request.safeParse(body);
    refuseUnless(parsed.success, z.prettifyError(parsed.error ?? new z.ZodError([])));
    const { contents } = parsed.data ?? { contents: [] };
    let open = 0;
    for (const { role, parts } of contents) {
      const responses = parts.filter((part) => part.functionResponse).length;
      refuseUnless(responses === open, "the number of function response parts must equal that of function call parts");
      open = parts.filter((part) => part.functionCall).length;
      const calls = parts.filter((part) => part.functionCall);
      refuseUnless(
        calls.length === 0 || known.has(calls[0]?.thoughtSignature ?? ""),
        "Function call is missing a thought_signature in functionCall parts.",
      );
      for (const { thoughtSignature } of parts)
        refuseUnless(thoughtSignature === undefined || known.has(thoughtSignature), "Thought signature is not valid");
      refuseUnless(role === "user" || responses === 0, "a function response must come from the user");
    }
    const parts = contents.flatMap(({ role, parts: all }) => (role === "user" ? all : []));
    return {
      model,
      prompts: parts.flatMap(({ text }) => (text === undefined ? [] : [text])),
      results: parts.flatMap(({ functionResponse }) =>
        functionResponse === undefined ? [] : [JSON.stringify(functionResponse.response)],
      ),
    };
  },
  whole: ({ text = "" }) => ({
    candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason: "STOP", index: 0 }],
    usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 5, totalTokenCount: 25 },
  }),
  *events({ thinking, text, tools = [] }) {
    const say = (parts: unknown[], more: object = {}) => ({
      data: { candidates: [{ content: { role: "model", parts }, index: 0, ...more }], modelVersion: "gemini" },
    });
    for (const word of words(thinking ?? "")) yield say([{ text: word, thought: true }]);
    for (const word of words(text ?? "")) yield say([{ text: word }]);
    for (const [at, { name, input }] of tools.entries())
      yield say([{ functionCall: { name, args: input }, ...(at === 0 ? { thoughtSignature: signature } : {}) }]);
    const { data } = say([{ text: "" }], { finishReason: "STOP" });
    const usageMetadata = {
      promptTokenCount: 160,
      cachedContentTokenCount: 40,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 10,
      totalTokenCount: 190,
    };
    yield { data: { ...data, usageMetadata } };
  },
  refusal: (status, message) => ({ error: { code: status, message, status: "INVALID_ARGUMENT" } }),
};
