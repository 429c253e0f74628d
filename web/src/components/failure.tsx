import { Show } from "solid-js";
import { text } from "#text/common.ts";
import { text as loading } from "#text/loading.ts";
import { ApiError } from "../api/api-error.ts";
import { NotLoaded } from "../api/code.ts";

/** In place of a part that failed: what failed, why, and a retry. In place of a page, also the way to another one. */
export function Failure(props: { what: string; error: unknown; retry?: () => void; isPage?: boolean }) {
  const notLoaded = () => (props.error instanceof NotLoaded ? props.error : undefined);
  const why = () => {
    if (props.error instanceof ApiError) return props.error.message;
    return props.isPage ? text.reloadThisPage : text.somethingWentWrong;
  };
  return (
    <div role="alert" class="m-auto flex max-w-md flex-col items-start gap-3 p-6">
      <p class="font-medium">{notLoaded()?.message ?? text.couldNotBeShown(props.what)}</p>
      <Show when={!notLoaded()}>
        <p class="text-sm text-quiet">{why()}</p>
      </Show>
      <div class="flex gap-2">
        <Show
          when={!notLoaded()?.isOutdated && props.retry}
          fallback={
            <button class="button" onClick={() => location.reload()}>
              {loading.reload}
            </button>
          }
        >
          {(retry) => (
            <button class="button" onClick={() => retry()()}>
              {text.tryAgain}
            </button>
          )}
        </Show>
        <Show when={props.isPage}>
          {/* Loads the page anew, unlike a link of the router. */}
          <a class="button" href="/" rel="external">
            {text.goHome}
          </a>
        </Show>
      </div>
    </div>
  );
}
