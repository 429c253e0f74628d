import { text } from "#text/workspace.ts";
import type { ProjectSettings } from "@slipway/contract/project";
import { toast, toastError } from "../components/toasts.tsx";
import { runCommand, useCommands } from "../stores/commands.ts";
import type { SandboxStore } from "../stores/sandbox.ts";
import type { Workspace } from "../stores/workspace.ts";

type ProjectCommand = "devCommand" | "testCommand" | "installCommand";
const projectCommands: readonly [ProjectCommand, string][] = [
  ["devCommand", text.runDev],
  ["testCommand", text.runTest],
  ["installCommand", text.runInstall],
];

/** The commands that concern the sandbox. */
export function useSandbox(of: {
  workspace: Workspace;
  store: SandboxStore;
  saveAll(): Promise<void>;
  showTerminal(): void;
  toggleTerminal(): void;
}) {
  const { workspace, store } = of;

  async function run(
    name: ProjectCommand,
    line = workspace.project().settings[name as keyof ProjectSettings],
  ): Promise<void> {
    if (typeof line !== "string" || line.trim() === "") {
      toast(text.noCommand);
      return runCommand("project-settings");
    }
    of.showTerminal();
    try {
      await of.saveAll();
      const session = await store.use();
      if (session.run(name, line) === undefined) toast(text.tooManyTerminals);
      if (!session.isReady()) await session.launch();
    } catch (error) {
      toastError(error);
    }
  }

  useCommands(() => {
    return [
      {
        id: "terminal",
        title: text.toggleTerminal,
        group: text.terminal,
        keys: ["Ctrl+`"],
        inTerminal: true,
        run: of.toggleTerminal,
      },
      { id: "terminal-show", title: text.showTerminal, group: text.terminal, hidden: true, run: of.showTerminal },
      ...projectCommands.map(([name, title]) => ({
        id: `run-${name}`,
        title,
        group: text.terminal,
        run: () => void run(name),
      })),
      ...(store.session()
        ? []
        : [
            {
              id: "sandbox-start",
              title: text.startSandbox,
              group: text.sandbox,
              run: () => (of.showTerminal(), void store.launch()),
            },
          ]),
    ];
  });
  return { run };
}
