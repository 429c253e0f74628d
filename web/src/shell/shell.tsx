import { useNavigate } from "@solidjs/router";
import { createSignal, onCleanup, onMount, Show, type JSX } from "solid-js";
import { listProjects } from "@slipway/contract/routes/project";
import { text as common } from "#text/common.ts";
import { text } from "#text/shell.ts";
import { text as loading } from "#text/loading.ts";
import { loadCode } from "../api/code.ts";
import { call, onSignedOut } from "../api/call.ts";
import { whenNotTyping } from "../components/idle-keyboard.ts";
import { pageState } from "../api/page-state.ts";
import { lazyDialog } from "../components/lazy-dialog.tsx";
import { toggleTheme } from "../components/theme.tsx";
import { toastError } from "../components/toasts.tsx";
import { onShortcut, useCommands, useSource } from "../stores/commands.ts";
import {
  closePalette,
  dialog,
  expired,
  importAddress,
  openDialog,
  openPalette,
  openSheet,
  paletteOpen,
  refusal,
  setExpired,
  setImportAddress,
  setRefusal,
  sheetOpen,
} from "../stores/dialogs.ts";
import { forgetIntent, signInTo, takeIntent, type Intent } from "../stores/intent.ts";

const Palette = lazyDialog(loading.palette, () => import("./palette.tsx"));
const ShortcutSheet = lazyDialog(loading.shortcuts, () => import("./shortcuts.tsx"));
const NewProjectDialog = lazyDialog(loading.newProject, () => import("./new-project.tsx"));
const ImportDialog = lazyDialog(loading.importing, () => import("../source/import-dialog.tsx"));
const SignInDialog = lazyDialog(loading.signIn, () => import("./sign-in.tsx"));

/** On every page: shortcuts, the palette, and the dialogs to create, import and sign in. */
export function Shell(props: { children: JSX.Element }) {
  const navigate = useNavigate();
  const { user } = pageState();
  // Not part of the first paint.
  const [mounted, setMounted] = createSignal(false);

  /** Does it, or asks to sign in first. */
  function begin(intent: Exclude<Intent, { kind: "prompt" }>): void {
    closePalette();
    if (!user) return signInTo(intent);
    if (intent.kind === "blank") return void createBlank();
    if (intent.kind === "import") setImportAddress(intent.address);
    openDialog(intent.kind);
  }
  let isCreating = false;
  async function createBlank(): Promise<void> {
    if (isCreating) return;
    isCreating = true;
    try {
      const { startBlank } = await loadCode(loading.newProject, () => import("./start-project.ts"));
      navigate(`/projects/${await startBlank()}`);
    } catch (error) {
      toastError(error);
    } finally {
      isCreating = false;
    }
  }

  const { groups } = text;
  useCommands(() => [
    { id: "new", title: text.newProject, group: groups.slipway, keys: ["Mod+J"], run: () => begin({ kind: "new" }) },
    {
      id: "import",
      title: text.importRepository,
      group: groups.slipway,
      keys: ["Mod+I"],
      run: () => begin({ kind: "import", address: "" }),
    },
    { id: "blank", title: text.blankProject, group: groups.slipway, run: () => begin({ kind: "blank" }) },
    {
      id: "palette",
      title: text.goToAnything,
      group: groups.slipway,
      keys: ["Mod+K"],
      hidden: true,
      run: () => (paletteOpen() ? closePalette() : openPalette()),
    },
    {
      id: "commands",
      title: text.allCommands,
      group: groups.slipway,
      keys: ["Mod+Shift+P", "F1"],
      hidden: true,
      run: () => openPalette(">"),
    },
    {
      id: "shortcuts",
      title: text.shortcuts,
      group: groups.slipway,
      keys: ["?"],
      run: () => openSheet(!sheetOpen()),
    },
    { id: "home", title: common.home, group: groups.go, run: () => navigate("/") },
    ...(user
      ? [{ id: "settings", title: text.settings, group: groups.go, keys: ["Mod+,"], run: () => navigate("/settings") }]
      : []),
    ...(user?.role === "admin"
      ? [{ id: "admin", title: text.peopleAndPlans, group: groups.go, run: () => navigate("/admin") }]
      : []),
    { id: "theme", title: text.changeTheme, group: groups.view, run: toggleTheme },
  ]);
  if (user)
    useSource({
      group: groups.projects,
      prefix: "",
      async items() {
        const { projects } = await call(listProjects).catch(() => ({ projects: [] }));
        return projects.map(({ id, name }) => ({ title: name, run: () => navigate(`/projects/${id}`) }));
      },
    });

  onMount(() => {
    setMounted(true);
    // Capture, to run before the editor sees the key.
    addEventListener("keydown", onShortcut, { capture: true });
    let stopWaiting: (() => void) | undefined;
    const forget = onSignedOut(() => {
      if (user && !expired())
        stopWaiting ??= whenNotTyping(() => {
          stopWaiting = undefined;
          setExpired(true);
        });
    });
    onCleanup(() => {
      removeEventListener("keydown", onShortcut, { capture: true });
      forget();
      stopWaiting?.();
    });
    // Back from signing in.
    const intent = user && takeIntent("new", "blank", "import");
    if (intent) begin(intent);
  });

  return (
    <>
      <a href="#main" class="skip-link" onClick={skip}>
        {common.skipToContent}
      </a>
      {props.children}
      <Show when={mounted()}>
        <Show when={paletteOpen()}>
          <Palette onClose={closePalette} />
        </Show>
        <Show when={sheetOpen()}>
          <ShortcutSheet onClose={() => openSheet(false)} />
        </Show>
        <Show when={dialog() === "new"}>
          <NewProjectDialog open onClose={() => openDialog(undefined)} />
        </Show>
        <Show when={dialog() === "import"}>
          <ImportDialog open address={importAddress()} onClose={() => openDialog(undefined)} />
        </Show>
        <Show when={dialog() === "sign-in" || expired()}>
          <SignInDialog
            open
            again={expired()}
            refusal={refusal()}
            onClose={() => {
              openDialog(undefined);
              setExpired(false);
              setRefusal(undefined);
              // What was wanted is not done by a later sign-in.
              forgetIntent();
            }}
          />
        </Show>
      </Show>
    </>
  );
}

/** Moves the focus, without the router or the address taking part. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
