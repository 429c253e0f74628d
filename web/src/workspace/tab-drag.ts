import { z } from "zod";
import { keyOf, type Tab } from "../stores/stored-tabs.ts";

const type = "application/x-slipway-tab";
const Dragged = z.object({ group: z.number(), key: z.string() });

export function dragTab(event: DragEvent, tab: Tab): void {
  event.dataTransfer?.setData(type, JSON.stringify({ group: tab.group, key: keyOf(tab) }));
}

/** Whether a tab of this or another window is dragged. What it is can be read on drop alone. */
export function isTabDrag(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes(type) ?? false;
}

/** The dropped tab; undefined for one of another window. */
export function draggedTab(event: DragEvent, all: readonly Tab[]): Tab | undefined {
  const data = event.dataTransfer?.getData(type) ?? "";
  if (data === "") return undefined;
  const dragged = Dragged.safeParse(JSON.parse(data)).data;
  return all.find((tab) => tab.group === dragged?.group && keyOf(tab) === dragged.key);
}
