import { useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { text as common } from "#text/common.ts";
import { text } from "#text/shell.ts";
import { text as loading } from "#text/loading.ts";
import { loadCode } from "../api/code.ts";
import { pageState } from "../api/page-state.ts";
import { below } from "../components/below.ts";
import { LazyMenu } from "../components/lazy-menu.tsx";
import type { MenuItem } from "../components/menu.tsx";
import { setTheme, theme, themes } from "../components/theme.tsx";
import { toastError } from "../components/toasts.tsx";
import { openDialog, openSheet } from "../stores/dialogs.ts";

async function leave(): Promise<void> {
  try {
    const { signOut } = await loadCode(loading.signOut, () => import("../api/auth.ts"));
    await signOut();
  } catch (error) {
    toastError(error);
  }
}

/** The menu of the signed-in person. */
export function UserMenu() {
  const { user } = pageState();
  const navigate = useNavigate();
  const [at, setAt] = createSignal<{ x: number; y: number }>();
  const items = (): MenuItem[] => [
    { label: text.settings, run: () => navigate("/settings") },
    ...(user?.role === "admin" ? [{ label: text.peopleAndPlans, run: () => navigate("/admin") }] : []),
    ...themes.map((each, index) => ({
      label: theme() === each ? text.checked(text.themes[each]) : text.themes[each],
      separated: index === 0,
      run: () => setTheme(each),
    })),
    { label: text.shortcuts, keys: "?", separated: true, run: () => openSheet(true) },
    { label: text.signOut, run: () => void leave() },
  ];
  return (
    <Show
      when={user}
      fallback={
        <button class="button button-small" onClick={() => openDialog("sign-in")}>
          {common.signIn}
        </button>
      }
    >
      {(known) => (
        <>
          <button
            class="touch-target inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-accent text-xs font-semibold text-accent-ink"
            aria-haspopup="menu"
            aria-expanded={at() !== undefined}
            aria-label={text.userMenu(known().name)}
            title={known().name}
            onClick={(event) => setAt(at() ? undefined : below(event))}
          >
            {initials(known().name)}
          </button>
          <Show when={at()}>
            {(point) => (
              <LazyMenu
                at={point()}
                label={text.you}
                header={<p class="max-w-56 truncate px-3 pt-1 pb-2 text-xs text-quiet">{known().name}</p>}
                items={items()}
                onClose={() => setAt(undefined)}
              />
            )}
          </Show>
        </>
      )}
    </Show>
  );
}

const segmenter = new Intl.Segmenter();

function initials(name: string): string {
  const [first = "?", ...others] = name.trim().split(/\s+/);
  return [first, others.at(-1) ?? ""].map((word) => firstLetter(word).toUpperCase()).join("");
}

/** The first grapheme, so that an emoji counts as one letter. */
function firstLetter(word: string): string {
  return segmenter.segment(word).containing(0)?.segment ?? "";
}
