import { javascript } from "@codemirror/lang-javascript";
import { EditorView } from "@codemirror/view";
import { basicSetup } from "codemirror";

/** A bare CodeMirror page: the floor of the editor's figures. */

const file = new URLSearchParams(location.search).get("file") ?? "/bare/file.txt";
const text = await (await fetch(file)).text();
new EditorView({
  parent: document.body,
  doc: text,
  extensions: [basicSetup, javascript({ typescript: true }), EditorView.contentAttributes.of({ "aria-label": "bare" })],
});
