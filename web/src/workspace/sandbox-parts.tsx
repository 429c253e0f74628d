import { createEffect, on } from "solid-js";
import { text as sandboxText } from "#text/sandbox.ts";
import { text } from "#text/terminal.ts";
import type { ProjectSettings } from "@slipway/contract/project";
import { toast, toastError } from "../components/toasts.tsx";
import { announce } from "../sandbox/announce.ts";
import { useCommands, useSource } from "../stores/commands.ts";
import { onOpenPort } from "../stores/open-port.ts";
import type { SandboxStore } from "../stores/sandbox.ts";
import type { Tabs } from "../stores/tabs.ts";
import type { Workspace } from "../stores/workspace.ts";

type ProjectCommand = "devCommand" | "testCommand" | "installCommand";
const projectCommands: readonly [ProjectCommand, string][] = [
  ["devCommand", text.runDev],
  ["testCommand", text.runTest],
  ["installCommand", text.runInstall],
];

/** The commands that concern the sandbox, and what it announces. */
export function useSandbox(of: {
  workspace: Workspace;
  store: SandboxStore;
  tabs: Tabs;
  saveAll(): Promise<void>;
  showTerminal(): void;
  toggleTerminal(): void;
}) {
  const { workspace, store, tabs } = of;

  async function run(
    name: ProjectCommand,
    line = workspace.project().settings[name as keyof ProjectSettings],
  ): Promise<void> {
    if (typeof line !== "string" || line.trim() === "") return toast(text.noCommand);
    of.showTerminal();
    try {
      await of.saveAll();
      const session = await store.use();
      const isIdle = (id: string) =>
        /^-?(?:ba|z|da)?sh$/.test(session.watch()?.terminals.find((each) => each.id === id)?.title ?? "sh");
      if (session.terminals.run(text.runNames[name], line, isIdle) === undefined) toast(text.tooMany);
      if (!session.isReady()) await session.launch();
    } catch (error) {
      toastError(error);
    }
  }

  useCommands(() => {
    const session = store.session();
    const isRunning = session?.isReady() ?? false;
    const { group } = sandboxText;
    return [
      {
        id: "terminal",
        title: text.toggle,
        group: text.group,
        keys: ["Ctrl+`"],
        inTerminal: true,
        run: of.toggleTerminal,
      },
      { id: "terminal-show", title: text.show, group: text.group, hidden: true, run: of.showTerminal },
      ...projectCommands.map(([name, title]) => ({
        id: `run-${name}`,
        title,
        group: text.group,
        run: () => void run(name),
      })),
      ...(isRunning
        ? [
            { id: "sandbox-stop", title: sandboxText.stop, group, run: () => void session?.stop() },
            { id: "sandbox-restart", title: sandboxText.restart, group, run: () => void session?.restart() },
          ]
        : [
            {
              id: "sandbox-start",
              title: sandboxText.start,
              group,
              run: () => (of.showTerminal(), void store.launch()),
            },
          ]),
    ];
  });
  useSource({
    group: sandboxText.ports,
    prefix: "",
    items: () =>
      (store.session()?.watch()?.ports ?? []).map(({ port, program }) => ({
        title: `${sandboxText.openPreview}: ${sandboxText.portOf(port)}`,
        detail: program,
        run: () => tabs.port(port),
      })),
  });

  onOpenPort((port) => tabs.port(port));

  createEffect(
    on(store.session, (session) => {
      if (session === undefined) return;
      announce(session, {
        isShown: (port) => tabs.all().some(({ kind, subject }) => kind === "port" && subject === String(port)),
        onPreview: (port) => tabs.port(port),
      });
    }),
  );

  return { run };
}
