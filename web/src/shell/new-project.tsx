import { text } from "#text/new-project.ts";
import { text as home } from "#text/home.ts";
import { Dialog } from "../components/dialog.tsx";
import { runCommand } from "../stores/commands.ts";
import { PromptBox } from "./prompt-box.tsx";

/** Begins a project from any page. */
export default function NewProjectDialog(props: { open: boolean; onClose(): void }) {
  function instead(command: "import" | "blank"): void {
    props.onClose();
    runCommand(command);
  }
  return (
    <Dialog open={props.open} title={text.title} wide onClose={props.onClose}>
      <PromptBox autofocus onStarted={props.onClose} />
      <div class="flex flex-wrap gap-2">
        <button class="button" onClick={() => instead("import")}>
          {home.importRepository}
        </button>
        <button class="button" title={home.blankAbout} onClick={() => instead("blank")}>
          {home.blankProject}
        </button>
      </div>
    </Dialog>
  );
}
