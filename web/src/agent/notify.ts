import { text } from "#text/answer.ts";
import { readText } from "../api/browser-store.ts";
import { notifyKey } from "../stores/notify.ts";
import { announcementOf, type ConversationState } from "./announcement.ts";

/** Tells a person who looks elsewhere that a run has ended or asks, if they wish it. */
export function notify(
  project: string,
  { before, now }: { before: ConversationState | undefined; now: ConversationState },
): void {
  if (!("Notification" in window) || Notification.permission !== "granted" || readText(notifyKey) !== "on") return;
  const titles: Partial<Record<ConversationState["status"], (project: string) => string>> = {
    completed: text.finishedTitle,
    failed: text.failedTitle,
    waiting: text.asksTitle,
  };
  const body = announcementOf(before, now);
  const title = titles[now.status]?.(project);
  if (body === undefined || title === undefined) return;
  // One per project: the newest replaces the one before.
  const shown = new Notification(title, { body, tag: `slipway ${location.pathname}` });
  shown.onclick = () => {
    window.focus();
    shown.close();
  };
}
