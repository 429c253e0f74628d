import type { ContextSize, TokenCounts } from "@slipway/contract/run";
import { text } from "#text/answer.ts";

/** How much of the model's window a conversation takes, up to where it is shortened. */
export function ContextMeter(props: { size: ContextSize }) {
  const part = () => Math.min(100, Math.round((100 * props.size.tokens) / Math.max(1, props.size.limit)));
  return (
    <span
      class="ml-auto flex items-center gap-1.5 tabular-nums"
      title={text.contextAbout(props.size.tokens, props.size.limit, props.size.window)}
    >
      <meter
        class="w-10"
        min={0}
        max={100}
        high={80}
        optimum={0}
        value={part()}
        aria-label={text.contextAbout(props.size.tokens, props.size.limit, props.size.window)}
      />
      {text.context(part())}
    </span>
  );
}

/** What the model read and wrote, in a sentence. */
export function tokensText({ input, output, cacheRead, cacheWrite }: TokenCounts): string {
  const read = input + cacheRead + cacheWrite;
  return text.took(read, read === 0 ? 0 : Math.round((100 * cacheRead) / read), output);
}
