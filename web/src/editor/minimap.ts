import type { Extension } from "@codemirror/state";
import { showMinimap } from "@replit/codemirror-minimap";

/** The whole text in small beside the editor. */
export const minimap: Extension = showMinimap.of({
  create() {
    const dom = document.createElement("div");
    // It repeats the text beside it.
    dom.setAttribute("aria-hidden", "true");
    return { dom };
  },
  displayText: "blocks",
  showOverlay: "always",
});
