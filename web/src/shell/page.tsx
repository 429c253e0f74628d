import { A } from "@solidjs/router";
import { text } from "#text/common.ts";
import { Show, type JSX } from "solid-js";
import { pageState } from "../api/page-state.ts";
import { Inbox } from "./inbox.tsx";
import { UserMenu } from "./user-menu.tsx";
import { Mark } from "../components/mark.tsx";

/** Home link, inbox and user menu. */
export function PageHeader() {
  const { user } = pageState();
  return (
    <header class="flex h-12 items-center gap-2 px-4">
      <A href="/" aria-label={text.home} class="rounded-sm">
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

/** A page of sections, such as settings. */
export function Page(props: { title: string; children: JSX.Element }) {
  const { user } = pageState();
  return (
    <div class="flex min-h-full flex-col">
      <PageHeader />
      <main class="mx-auto flex w-full max-w-3xl grow flex-col gap-8 px-4 pt-6 pb-16">
        <h1 class="text-xl font-semibold">{props.title}</h1>
        <Show when={user} fallback={<p class="text-quiet">{text.signInToSee}</p>}>
          {props.children}
        </Show>
      </main>
    </div>
  );
}
