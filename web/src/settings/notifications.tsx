import { createSignal, onMount, Show } from "solid-js";
import { text } from "#text/settings.ts";
import { readText, writeText } from "../api/browser-store.ts";
import { notifyKey } from "../stores/notify.ts";
import { Section, Toggle } from "../components/section.tsx";

/** Whether the browser says that a run has ended or asks while another window is in front. */
export function NotificationsSection() {
  const [on, setOn] = createSignal(false);
  const [refused, setRefused] = createSignal(false);
  onMount(() =>
    setOn(readText(notifyKey) === "on" && "Notification" in window && Notification.permission === "granted"),
  );

  async function change(wanted: boolean): Promise<void> {
    const isAllowed = wanted && "Notification" in window && (await Notification.requestPermission()) === "granted";
    setRefused(wanted && !isAllowed);
    setOn(isAllowed);
    writeText(notifyKey, isAllowed ? "on" : undefined);
  }
  return (
    <Section id="notifications" title={text.notifications} about={text.editorAbout}>
      <Toggle label={text.notify} about={text.notifyAbout} checked={on()} onChange={(wanted) => void change(wanted)} />
      <Show when={refused()}>
        <p role="alert" class="text-sm text-bad">
          {text.notifyRefused}
        </p>
      </Show>
    </Section>
  );
}
