import type { LanguageModelMiddleware } from "ai";

/** Asks for no more tokens than the model writes: providers refuse a request for more. */
export function withinOutput(maxOutput: number): LanguageModelMiddleware {
  return {
    transformParams: ({ params }) =>
      Promise.resolve({
        ...params,
        ...(params.maxOutputTokens === undefined
          ? {}
          : { maxOutputTokens: Math.min(params.maxOutputTokens, maxOutput) }),
      }),
  };
}
