import { A } from "@solidjs/router";
import { text } from "#text/common.ts";
import { Show, type JSX } from "solid-js";
import { pageState } from "../api/page-state.ts";
import { openDialog } from "../stores/dialogs.ts";
import { Inbox } from "./inbox.tsx";
import { UserMenu } from "./user-menu.tsx";
import { Mark } from "../components/mark.tsx";

/** Home link, inbox and user menu. */
export function PageHeader(props: { isHome?: boolean }) {
  const { user } = pageState();
  return (
    <header class="flex h-12 shrink-0 items-center gap-2 px-4">
      <Show
        when={props.isHome}
        fallback={
          <A href="/" aria-label={text.home} class="rounded-sm">
            <Mark size={24} />
          </A>
        }
      >
        <Mark size={24} />
        <span class="font-semibold">{text.product}</span>
      </Show>
      <span class="grow" />
      <Show when={user}>
        <Inbox />
      </Show>
      <UserMenu />
    </header>
  );
}

/** A page of sections, such as settings. `nav` stands beside them, or above on a narrow screen. */
export function Page(props: { title: string; nav?: JSX.Element; children: JSX.Element }) {
  const { user } = pageState();
  return (
    <div class="flex min-h-full flex-col">
      <PageHeader />
      <main id="main" tabindex="-1" class="mx-auto w-full max-w-5xl grow px-4 pt-6 pb-16 outline-none">
        <h1 class="mb-6 text-xl font-semibold">{props.title}</h1>
        <Show
          when={user}
          fallback={
            <div class="flex flex-col items-start gap-3">
              <p class="text-quiet">{text.signInToSee}</p>
              <button class="button button-main" onClick={() => openDialog("sign-in")}>
                {text.signIn}
              </button>
            </div>
          }
        >
          <div class="flex gap-x-10 gap-y-4 max-md:flex-col">
            {props.nav}
            <div class="flex min-w-0 grow flex-col gap-8">{props.children}</div>
          </div>
        </Show>
      </main>
    </div>
  );
}
