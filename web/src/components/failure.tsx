import { text } from "#text/common.ts";

/** In place of a part that failed: what failed, why, and a retry. */
export function Failure(props: { what: string; error: unknown; retry?: () => void }) {
  return (
    <div role="alert" class="m-auto flex max-w-md flex-col items-start gap-3 p-6">
      <p class="font-medium">{text.couldNotBeShown(props.what)}</p>
      <p class="text-sm text-quiet">{props.error instanceof Error ? props.error.message : text.somethingWentWrong}</p>
      <button class="button" onClick={() => (props.retry ? props.retry() : location.reload())}>
        {text.tryAgain}
      </button>
    </div>
  );
}
