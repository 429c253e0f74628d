import fc from "fast-check";

/**
 * Answers of OpenAI-compatible servers as they might come: mostly sane, with fields that are null or of another type,
 * calls in pieces, cut anywhere, with errors and finish reasons at odd places.
 */
export interface OddAnswer {
  body: string;
  /** Bytes of each piece in which it arrives. */
  size: number;
}

const odd = fc.constantFrom<unknown>(null, "", 0, {}, [], "x", true, [null], { a: 1 }, "😀");
const usually = (sane: fc.Arbitrary<unknown>, weight = 19) =>
  fc.oneof({ weight, arbitrary: sane }, { weight: 1, arbitrary: odd });
const record = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] });

const whole = ['{"path":"a.txt","content":"a"}', '{"paths":["b.txt"]}', "{}"];
const pieces = ['{"path":"c', '.txt","content":"c"}', "{", "}", '{"paths":["d', '.txt"]}'];

const call = record({
  index: usually(fc.constantFrom<unknown>(0, 0, 1, 2)),
  id: usually(fc.constantFrom<unknown>("c0", "c1", "")),
  function: usually(
    record({
      name: usually(fc.constantFrom<unknown>("create_file", "delete_files", "list_files", "create_", "file")),
      arguments: usually(fc.constantFrom<unknown>(...whole, ...whole, ...pieces)),
    }),
  ),
});

const choice = record({
  delta: usually(
    record({
      content: usually(fc.constantFrom<unknown>("Some words. ", "<think>", "</think>", " \n")),
      reasoning_content: fc.constantFrom<unknown>(undefined, null, "Hm. "),
      tool_calls: usually(fc.array(call, { maxLength: 2 })),
    }),
  ),
  finish_reason: fc.constantFrom<unknown>(null, null, null, null, undefined, "", "length", "error", 7),
});

const chunk = usually(
  record({
    choices: usually(fc.array(usually(choice), { minLength: 1, maxLength: 2 })),
    usage: usually(fc.constantFrom<unknown>(null, undefined, { prompt_tokens: 10, completion_tokens: 2.5 })),
    error: fc.constantFrom<unknown>(...Array.from({ length: 40 }, () => null), "gone", { message: "gone", code: 500 }),
  }),
);

const last = fc.constantFrom("stop", "stop", "tool_calls", "tool_calls", "length", "content_filter", undefined);

export const oddAnswer: fc.Arbitrary<OddAnswer> = fc
  .record({
    chunks: fc.array(chunk, { maxLength: 8 }),
    finish: last,
    isDone: fc.boolean(),
    separator: fc.constantFrom("\n\n", "\n\n", "\n", "\r\n\r\n", "\r\r", "\n\n: ping\n\n"),
    keptShare: fc.oneof(
      { weight: 3, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
    ),
    size: fc.integer({ min: 1, max: 200 }),
  })
  .map(({ chunks, finish, isDone, separator, keptShare, size }) => {
    const end = finish === undefined ? [] : [{ choices: [{ delta: {}, finish_reason: finish }] }];
    const events = [...[...chunks, ...end].map((each) => JSON.stringify(each)), ...(isDone ? ["[DONE]"] : [])];
    const body = events.map((data) => `data: ${data}${separator}`).join("");
    return { body: body.slice(0, Math.floor(body.length * keptShare)), size };
  });
