import type { IncomingHttpHeaders } from "node:http";

/** One answer, in no protocol. */
export interface Said {
  thinking?: string;
  text?: string;
  tools?: { name: string; input: unknown }[];
}

/** What a test looks at in a request. */
export interface Question {
  model: string;
  /** Texts of people's messages, in order. */
  prompts: string[];
  /** Outputs of tools, in order. */
  results: string[];
}

export interface Protocol {
  /** Where its models are listed and asked, below the peer's origin. */
  base: string;
  keyOf(headers: IncomingHttpHeaders): string | undefined;
  list(models: readonly string[]): unknown;
  /** The request of a model; undefined for another path. @throws Refused for what the provider refuses */
  parse(path: string, body: unknown): Question | undefined;
  /** An answer that is not streamed. */
  whole(said: Said): unknown;
  /** Events of a stream. */
  events(said: Said): Iterable<{ event?: string; data: unknown }>;
  refusal(status: number, message: string): unknown;
}

/** What a provider does not accept: its own words. */
export class Refused extends Error {}

export function refuseUnless(isFine: boolean, message: string): void {
  if (!isFine) throw new Refused(message);
}

/** Words with the space after each. */
export function words(text: string): string[] {
  return text === "" ? [] : text.split(/(?<= )/);
}
