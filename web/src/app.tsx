import { Router, useLocation } from "@solidjs/router";
import { FileRoutes } from "@solidjs/start/router";
import { createEffect, ErrorBoundary, on, Suspense } from "solid-js";
import { text } from "#text/common.ts";
import "./app.css";
import { Failure } from "./components/failure.tsx";
import { Toasts } from "./components/toasts.tsx";
import { Shell } from "./shell/shell.tsx";

export default function App() {
  return (
    <Router
      root={(props) => (
        <ErrorBoundary fallback={(error) => <Failure what={text.thisPage} error={error} isPage />}>
          <Shell>
            {/* Within the shell, so that its shortcuts and dialogs outlive a page that fails. */}
            <ErrorBoundary fallback={(error, reset) => <FailedPage error={error} onLeave={reset} />}>
              <Suspense>{props.children}</Suspense>
            </ErrorBoundary>
          </Shell>
          <Toasts />
        </ErrorBoundary>
      )}
    >
      <FileRoutes />
    </Router>
  );
}

/** Gives way to the page that the person goes to. */
function FailedPage(props: { error: unknown; onLeave(): void }) {
  const place = useLocation();
  createEffect(
    on(
      () => place.pathname,
      () => props.onLeave(),
      { defer: true },
    ),
  );
  return <Failure what={text.thisPage} error={props.error} isPage />;
}
