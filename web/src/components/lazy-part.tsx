import { ErrorBoundary, lazy, onCleanup, type Component, type JSX } from "solid-js";
import { loadCode, NotLoaded } from "../api/code.ts";
import { Failure } from "./failure.tsx";

/** In place of a part whose code could not be loaded. */
export interface Missing {
  error: NotLoaded;
  retry(): void;
}

/**
 * A part of the page whose code loads when it is first shown. `lazy` remembers a failure for good, and throws it at the page
 * around it. Here the part alone fails, and is loaded anew when it is retried, shown again, or the network is back.
 */
export function lazyPart<P extends object>(
  what: string,
  load: () => Promise<{ default: Component<P> }>,
  missing: (missing: Missing, props: P) => JSX.Element = ({ error, retry }) => (
    <Failure what={what} error={error} retry={retry} />
  ),
): Component<P> {
  const fresh = () => lazy(() => loadCode(what, load));
  let Loaded = fresh();
  return (props) => (
    <ErrorBoundary
      fallback={(error: unknown, reset) => {
        // Anything else is a fault of the part itself.
        if (!(error instanceof NotLoaded)) throw error;
        Loaded = fresh();
        addEventListener("online", reset);
        onCleanup(() => removeEventListener("online", reset));
        return missing({ error, retry: reset }, props);
      }}
    >
      <Loaded {...props} />
    </ErrorBoundary>
  );
}
