import { useNavigate } from "@solidjs/router";
import { createSignal, lazy, onCleanup, onMount, Show, Suspense, type JSX } from "solid-js";
import { listProjects } from "@slipway/contract/routes/project";
import { call, onSignedOut } from "../api/call.ts";
import { cycleTheme } from "../components/theme.tsx";
import { pageState } from "../api/page-state.ts";
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

const Palette = lazy(() => import("./palette.tsx"));
const ShortcutSheet = lazy(() => import("./shortcuts.tsx"));
const NewProjectDialog = lazy(() => import("./new-project.tsx"));
const ImportDialog = lazy(() => import("../source/import-dialog.tsx"));
const SignInDialog = lazy(() => import("./sign-in.tsx"));

/** On every page: shortcuts, the palette, and the dialogs to create, import and sign in. */
export function Shell(props: { children: JSX.Element }) {
  const navigate = useNavigate();
  const { user } = pageState();
  // Not part of the first paint.
  const [mounted, setMounted] = createSignal(false);

  useCommands(() => [
    {
      id: "new",
      title: "New project",
      group: "Slipway",
      keys: ["Mod+J"],
      run: () => (closePalette(), openDialog(user ? "new" : "sign-in")),
    },
    {
      id: "import",
      title: "Import from GitHub",
      group: "Slipway",
      keys: ["Mod+I"],
      run: () => (closePalette(), setImportAddress(""), openDialog(user ? "import" : "sign-in")),
    },
    {
      id: "palette",
      title: "Go to anything",
      group: "Slipway",
      keys: ["Mod+K"],
      hidden: true,
      run: () => (paletteOpen() ? closePalette() : openPalette()),
    },
    { id: "shortcuts", title: "Keyboard shortcuts", group: "Slipway", keys: ["?"], run: () => openSheet(!sheetOpen()) },
    { id: "home", title: "Home", group: "Go", run: () => navigate("/") },
    ...(user ? [{ id: "settings", title: "Settings", group: "Go", run: () => navigate("/settings") }] : []),
    ...(user?.role === "admin"
      ? [{ id: "admin", title: "People and plans", group: "Go", run: () => navigate("/admin") }]
      : []),
    { id: "theme", title: "Change the theme", group: "View", run: cycleTheme },
  ]);
  if (user)
    useSource({
      group: "Projects",
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
    const forget = onSignedOut(() => user && setExpired(true));
    onCleanup(() => {
      removeEventListener("keydown", onShortcut, { capture: true });
      forget();
    });
  });

  return (
    <>
      {props.children}
      <Show when={mounted()}>
        <Suspense>
          <Show when={paletteOpen()}>
            <Palette />
          </Show>
          <Show when={sheetOpen()}>
            <ShortcutSheet />
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
              {...(expired() ? { why: "Your sign-in has ended. What you typed is kept in this browser." } : {})}
              refusal={refusal()}
              onClose={() => (openDialog(undefined), setExpired(false), setRefusal(undefined))}
            />
          </Show>
        </Suspense>
      </Show>
    </>
  );
}
