import { Router } from "@solidjs/router";
import { FileRoutes } from "@solidjs/start/router";
import { ErrorBoundary, Suspense } from "solid-js";
import { text } from "#text/common.ts";
import "./app.css";
import { Failure } from "./components/failure.tsx";
import { Toasts } from "./components/toasts.tsx";
import { Shell } from "./shell/shell.tsx";

export default function App() {
  return (
    <Router
      root={(props) => (
        <ErrorBoundary fallback={(error, reset) => <Failure what={text.thisPage} error={error} retry={reset} />}>
          <Shell>
            <Suspense>{props.children}</Suspense>
          </Shell>
          <Toasts />
        </ErrorBoundary>
      )}
    >
      <FileRoutes />
    </Router>
  );
}
