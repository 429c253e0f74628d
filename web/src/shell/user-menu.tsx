import { useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { below, Menu, type MenuItem } from "../components/menu.tsx";
import { signOut } from "../api/auth.ts";
import { setTheme, theme, type Theme } from "../components/theme.tsx";
import { pageState } from "../api/page-state.ts";
import { openDialog, openSheet } from "../stores/dialogs.ts";

const themes: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "Theme of the system" },
  { value: "light", label: "Light theme" },
  { value: "dark", label: "Dark theme" },
];

/** The menu of the signed-in person. */
export function UserMenu() {
  const { user } = pageState();
  const navigate = useNavigate();
  const [at, setAt] = createSignal<{ x: number; y: number }>();
  const items = (): MenuItem[] => [
    { label: "Settings", run: () => navigate("/settings") },
    ...(user?.role === "admin" ? [{ label: "People and plans", run: () => navigate("/admin") }] : []),
    ...themes.map(({ value, label }, index) => ({
      label: `${theme() === value ? "✓ " : ""}${label}`,
      separated: index === 0,
      run: () => setTheme(value),
    })),
    { label: "Keyboard shortcuts", keys: "?", separated: true, run: () => openSheet(true) },
    { label: "Sign out", run: () => void signOut() },
  ];
  return (
    <Show
      when={user}
      fallback={
        <button class="button button-small" onClick={() => openDialog("sign-in")}>
          Sign in
        </button>
      }
    >
      {(known) => (
        <>
          <button
            class="inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-accent text-xs font-semibold text-accent-ink"
            aria-haspopup="menu"
            aria-expanded={at() !== undefined}
            aria-label={`${known().name}: settings and sign out`}
            title={known().name}
            onClick={(event) => setAt(at() ? undefined : below(event))}
          >
            {initials(known().name)}
          </button>
          <Menu
            at={at()}
            label="You"
            header={<p class="max-w-56 truncate px-3 pt-1 pb-2 text-xs text-quiet">{known().name}</p>}
            items={items()}
            onClose={() => setAt(undefined)}
          />
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
