// @refresh reload
import { createHandler, StartServer } from "@solidjs/start/server";
import { getRequestEvent } from "solid-js/web";
import { asScript, pageState, stateElementID } from "./api/page-state.ts";

/** Sets the theme before the first paint. */
const theme = `try{var t=localStorage.getItem("theme");if(t!=="light"&&t!=="dark")t=matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light";document.documentElement.dataset.theme=t}catch(e){}`;

/**
 * Requests the file that was open last before any other script has loaded: its text is what a returning person waits for.
 * `api/call.ts` takes the reply.
 */
const firstFile = `try{var i=location.pathname.split("/")[2],s=JSON.parse(localStorage.getItem("tabs "+i)||"{}"),t=(s.tabs||[]).filter(function(t){return t.kind==="file"&&t.subject===s.active})[0];if(t){var u="/api/projects/"+i+"/files/"+t.subject.split("/").map(encodeURIComponent).join("/");window.firstFile={path:u,reply:fetch(u)};window.firstFile.reply.catch(function(){})}}catch(e){}`;

function nonce(): string {
  return (getRequestEvent()?.locals as { nonce?: string } | undefined)?.nonce ?? "";
}

export default createHandler(
  () => (
    <StartServer
      document={({ assets, children, scripts }) => (
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="description" content="An AI code workspace that a team runs in its own AWS account." />
            <title>Slipway</title>
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
