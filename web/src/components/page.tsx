import { A } from "@solidjs/router";
import { Show, type JSX } from "solid-js";
import { pageState } from "../api/page-state.ts";
import { Inbox } from "../shell/inbox.tsx";
import { UserMenu } from "../shell/user-menu.tsx";
import { Mark } from "./mark.tsx";

/** The way home, and who is signed in. */
export function PageHeader() {
  const { user } = pageState();
  return (
    <header class="flex h-12 items-center gap-2 px-4">
      <A href="/" aria-label="Home" class="rounded-sm">
        <Mark size={24} />
      </A>
      <span class="grow" />
      <Show when={user}>
        <Inbox />
      </Show>
      <UserMenu />
    </header>
  );
}

/** A page that is read from top to bottom: settings, people. */
export function Page(props: { title: string; children: JSX.Element }) {
  const { user } = pageState();
  return (
    <div class="flex min-h-full flex-col">
      <PageHeader />
      <main class="mx-auto flex w-full max-w-3xl grow flex-col gap-8 px-4 pt-6 pb-16">
        <h1 class="text-xl font-semibold">{props.title}</h1>
        <Show when={user} fallback={<p class="text-quiet">Sign in to see this page.</p>}>
          {props.children}
        </Show>
      </main>
    </div>
  );
}

export function Section(props: { title: string; about?: string; children: JSX.Element }) {
  return (
    <section class="card flex flex-col gap-4 p-5" aria-label={props.title}>
      <div>
        <h2 class="font-semibold">{props.title}</h2>
        <Show when={props.about}>
          <p class="text-sm text-quiet">{props.about}</p>
        </Show>
      </div>
      {props.children}
    </section>
  );
}

/** A switch with its words. */
export function Toggle(props: { label: string; about?: string; checked: boolean; onChange(checked: boolean): void }) {
  return (
    <label class="flex cursor-pointer items-start gap-3 text-sm">
      <input
        type="checkbox"
        role="switch"
        class="switch mt-0.5"
        checked={props.checked}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>
        {props.label}
        <Show when={props.about}>
          <span class="block text-xs text-quiet">{props.about}</span>
        </Show>
      </span>
    </label>
  );
}
