import { createResource, createSignal, For, onMount, Show } from "solid-js";
import {
  askForMore,
  signOutEverywhere,
  updateMe,
  usage as readUsage,
  usageHistory,
} from "@slipway/contract/routes/user";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { latest } from "../components/latest.ts";
import { Page } from "../shell/page.tsx";
import { Section, Toggle } from "../components/section.tsx";
import { signOut } from "../api/auth.ts";
import { setTheme, theme, type Theme } from "../components/theme.tsx";
import { toast } from "../components/toasts.tsx";
import { pageState } from "../api/page-state.ts";
import { GitHubSection } from "../settings/github.tsx";
import { preferences, setPreference } from "../stores/preferences.ts";
import { dollars, monthName } from "../components/format.ts";

export default function Settings() {
  return (
    <Page title="Settings">
      <Profile />
      <Looks />
      <Editor />
      <GitHubSection />
      <PlanAndUsage />
      <Logins />
    </Page>
  );
}

function Profile() {
  const { user } = pageState();
  const [name, setName] = createSignal(user?.name ?? "");
  const [saved, setSaved] = createSignal(user?.name ?? "");
  const [failure, setFailure] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setFailure("");
    try {
      setSaved((await call(updateMe, { body: { name: name() } })).name);
      setName(saved());
      toast("Your name is saved. Others see it from your next sign-in on.");
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <Section title="Profile">
      <form class="flex flex-wrap items-end gap-3" onSubmit={(event) => void save(event)}>
        <label class="flex min-w-48 grow flex-col gap-1 text-sm">
          Name
          <input
            class="field"
            value={name()}
            maxlength={60}
            required
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <button class="button" disabled={busy() || name().trim() === "" || name() === saved()}>
          {busy() ? "Saving…" : "Save"}
        </button>
      </form>
      <Show when={failure()}>
        <p role="alert" class="text-sm text-bad">
          {failure()}
        </p>
      </Show>
    </Section>
  );
}

const themes: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

function Looks() {
  // Preferences are stored in the browser, so the server cannot render them.
  const [mounted, setMounted] = createSignal(false);
  onMount(() => setMounted(true));
  return (
    <Section title="Theme">
      <div role="radiogroup" aria-label="Theme" class="flex flex-wrap gap-4">
        <For each={themes}>
          {({ value, label }) => (
            <label class="flex cursor-pointer items-center gap-2 text-sm">
              <input
                type="radio"
                name="theme"
                class="accent-accent"
                checked={mounted() && theme() === value}
                onChange={() => setTheme(value)}
              />
              {label}
            </label>
          )}
        </For>
      </div>
    </Section>
  );
}

function Editor() {
  const [mounted, setMounted] = createSignal(false);
  onMount(() => setMounted(true));
  return (
    <Section title="Editor" about="Kept in this browser.">
      <Show when={mounted()} fallback={<div class="skeleton h-40" />}>
        <div class="flex flex-wrap gap-4">
          <label class="flex flex-col gap-1 text-sm">
            Text size
            <select
              class="field w-32"
              value={preferences().fontSize}
              onChange={(event) => setPreference("fontSize", Number(event.currentTarget.value))}
            >
              <For each={[12, 13, 14, 16, 18, 20]}>{(size) => <option value={size}>{size} px</option>}</For>
            </select>
          </label>
          <label class="flex flex-col gap-1 text-sm">
            Indentation
            <select
              class="field w-32"
              value={preferences().tabSize}
              onChange={(event) => setPreference("tabSize", Number(event.currentTarget.value))}
            >
              <For each={[2, 4, 8]}>{(size) => <option value={size}>{size} spaces</option>}</For>
            </select>
          </label>
        </div>
        <Toggle label="Wrap long lines" checked={preferences().wrap} onChange={(on) => setPreference("wrap", on)} />
        <Toggle label="Minimap" checked={preferences().minimap} onChange={(on) => setPreference("minimap", on)} />
        <Toggle
          label="Suggestions at the cursor"
          about="The model completes what you type after a pause. Tab takes it, Esc dismisses it. It takes no runs."
          checked={preferences().ghostText}
          onChange={(on) => setPreference("ghostText", on)}
        />
        <Toggle
          label="Quick edit"
          about="Change a selection by an instruction, in place, and see the difference before you take it. It takes no runs."
          checked={preferences().quickEdit}
          onChange={(on) => setPreference("quickEdit", on)}
        />
      </Show>
    </Section>
  );
}

function PlanAndUsage() {
  const [mounted, setMounted] = createSignal(false);
  onMount(() => setMounted(true));
  const [usage] = createResource(mounted, () => call(readUsage));
  const [history, { mutate, refetch }] = createResource(mounted, () => call(usageHistory));
  async function ask(): Promise<void> {
    try {
      mutate(await call(askForMore));
    } catch (error) {
      toast(messageOf(error));
    }
  }
  return (
    <Section title="Plan and usage">
      <Show
        when={!usage.error && !history.error}
        fallback={
          <p role="alert" class="flex items-center gap-3 text-sm">
            {messageOf(usage.error ?? history.error)}
            <button class="button button-small" onClick={() => void refetch()}>
              Try again
            </button>
          </p>
        }
      >
        <Show when={latest(usage)} fallback={<div class="skeleton h-16" />}>
          {(known) => (
            <div class="flex flex-wrap items-center justify-between gap-3" id="plan">
              <div>
                <p class="text-sm">
                  <strong>{known().plan === "pro" ? "Pro" : "Free"}</strong> · {known().used} of {known().limit} runs
                  used this month
                </p>
                <p class="text-xs text-quiet">Usage resets on the 1st of each month.</p>
              </div>
              <Show when={known().plan === "free"}>
                <Show
                  when={!latest(history)?.askedForPro}
                  fallback={<p class="text-sm text-quiet">You have asked for Pro. An admin of your team answers.</p>}
                >
                  <button class="button button-main" onClick={() => void ask()}>
                    Ask for Pro
                  </button>
                </Show>
              </Show>
              <meter
                class="w-full"
                aria-label="Runs used this month"
                min={0}
                max={Math.max(1, known().limit)}
                value={known().used}
              />
            </div>
          )}
        </Show>
        <Show when={latest(history)?.months.length}>
          <table class="table">
            <caption class="sr-only">Usage by month</caption>
            <thead>
              <tr>
                <th scope="col">Month</th>
                <th scope="col" class="text-right">
                  Runs
                </th>
                <th scope="col" class="text-right">
                  Suggestions and quick edits
                </th>
                <th scope="col" class="text-right">
                  Cost
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={latest(history)?.months}>
                {(month) => (
                  <tr>
                    <th scope="row" class="font-normal">
                      {monthName(month.month)}
                    </th>
                    <td class="text-right tabular-nums">{month.runs}</td>
                    <td class="text-right tabular-nums">{month.assists}</td>
                    <td class="text-right tabular-nums">{dollars(month.dollars)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </Show>
      </Show>
    </Section>
  );
}

function Logins() {
  const [sure, setSure] = createSignal(false);
  async function end(): Promise<void> {
    try {
      await call(signOutEverywhere);
      await signOut();
    } catch (error) {
      toast(messageOf(error));
    }
  }
  return (
    <Section title="Sign-ins" about="Ends every sign-in of yours, in every browser, this one included.">
      <div class="flex flex-wrap gap-3">
        <Show
          when={sure()}
          fallback={
            <button class="button" onClick={() => setSure(true)}>
              Sign out everywhere
            </button>
          }
        >
          <button class="button button-bad" onClick={() => void end()}>
            Yes, sign out everywhere
          </button>
          <button class="button" onClick={() => setSure(false)}>
            No
          </button>
        </Show>
      </div>
    </Section>
  );
}
