// @refresh reload
import { createHandler, StartServer } from "@solidjs/start/server";
import { getRequestEvent } from "solid-js/web";
import { description, title as titles, titleOf } from "#text/titles.ts";
import { asScript, pageState, stateElementID } from "./api/page-state.ts";

/** Sets the theme before the first paint, also where the browser forbids its store. */
const theme = `var t;try{t=localStorage.getItem("theme")}catch(e){}if(t!=="light"&&t!=="dark")t=matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light";document.documentElement.dataset.theme=t`;

/**
 * Requests the file that was open last before any other script has loaded: its text is what a returning person waits for.
 * `api/call.ts` takes the reply.
 */
const firstFile = `try{var i=location.pathname.split("/")[2],s=JSON.parse(localStorage.getItem("tabs "+i)||"{}"),t=(s.tabs||[]).filter(function(t){return t.kind==="file"&&t.subject===s.active})[0];if(t){var u="/api/projects/"+i+"/files/"+t.subject.split("/").map(encodeURIComponent).join("/");window.firstFile={path:u,reply:fetch(u)};window.firstFile.reply.catch(function(){})}}catch(e){}`;

function nonce(): string {
  return (getRequestEvent()?.locals as { nonce?: string } | undefined)?.nonce ?? "";
}

/** The page keeps it current: see `components/title.ts`. */
function title(): string {
  const { project, user } = pageState();
  const path = new URL(getRequestEvent()?.request.url ?? "http://localhost").pathname;
  if (project === "missing") return titles.notFound;
  return titleOf(path, typeof project === "object" && user ? project.name : undefined);
}

export default createHandler(
  () => (
    <StartServer
      document={({ assets, children, scripts }) => (
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="description" content={description} />
            <title>{title()}</title>
            <link rel="icon" href="/icon.svg" type="image/svg+xml" />
            <script nonce={nonce()} innerHTML={theme} />
            {typeof pageState().project === "object" && <script nonce={nonce()} innerHTML={firstFile} />}
            {assets}
          </head>
          <body>
            <div id="app">{children}</div>
            <script id={stateElementID} type="application/json" nonce={nonce()} innerHTML={asScript(pageState())} />
            {scripts}
          </body>
        </html>
      )}
    />
  ),
  () => ({ mode: "async", nonce: nonce() }),
);
