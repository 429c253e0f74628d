/** In place of a part that failed: what failed, why, and a retry. */
export function Failure(props: { what: string; error: unknown; retry?: () => void }) {
  return (
    <div role="alert" class="m-auto flex max-w-md flex-col items-start gap-3 p-6">
      <p class="font-medium">{props.what} could not be shown.</p>
      <p class="text-sm text-quiet">{props.error instanceof Error ? props.error.message : "Something went wrong."}</p>
      <button class="button" onClick={() => (props.retry ? props.retry() : location.reload())}>
        Try again
      </button>
    </div>
  );
}
