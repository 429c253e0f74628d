import { createSignal, Show } from "solid-js";
import { signOutEverywhere } from "@slipway/contract/routes/user";
import { text as common } from "#text/common.ts";
import { text } from "#text/settings.ts";
import { messageOf } from "../api/api-error.ts";
import { signOut } from "../api/auth.ts";
import { call } from "../api/call.ts";
import { Section } from "../components/section.tsx";
import { toast } from "../components/toasts.tsx";

export function SessionsSection() {
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
    <Section id="sessions" title={text.signIns} about={text.signInsAbout}>
      <div class="flex flex-wrap gap-3">
        <Show
          when={sure()}
          fallback={
            <button class="button" onClick={() => setSure(true)}>
              {text.signOutEverywhere}
            </button>
          }
        >
          <button class="button button-bad" onClick={() => void end()}>
            {text.signOutEverywhereSure}
          </button>
          <button class="button" onClick={() => setSure(false)}>
            {common.cancel}
          </button>
        </Show>
      </div>
    </Section>
  );
}
