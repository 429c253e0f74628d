import { keyOf, type Tab } from "./stored-tabs.ts";

/** The editor groups of a page, side by side: their tabs, the active tab of each, and the group with the focus. */
export interface TabGroups {
  /** In order within each group. */
  readonly tabs: readonly Tab[];
  /** From left to right; never empty. */
  readonly groups: readonly number[];
  readonly actives: Readonly<Record<number, string>>;
  readonly focused: number;
}

export const noTabs: TabGroups = { tabs: [], groups: [0], actives: {}, focused: 0 };

export function tabsIn({ tabs }: TabGroups, group: number): readonly Tab[] {
  return tabs.filter((tab) => tab.group === group);
}

export function activeIn(state: TabGroups, group: number): Tab | undefined {
  return tabsIn(state, group).find((tab) => keyOf(tab) === state.actives[group]);
}

/** Adds a tab to its group, or changes the one that is there, and activates it. A provisional one gives way. */
export function put(state: TabGroups, tab: Tab): TabGroups {
  const key = keyOf(tab);
  const isSame = (each: Tab) => each.group === tab.group && keyOf(each) === key;
  const tabs = state.tabs.some(isSame)
    ? state.tabs.map((each) => (isSame(each) ? { ...tab, pinned: each.pinned || tab.pinned } : each))
    : [...state.tabs.filter((each) => tab.pinned || each.group !== tab.group || each.pinned), tab];
  return { ...state, tabs, actives: { ...state.actives, [tab.group]: key }, focused: tab.group };
}

/** As `put`, but what is active stays so. */
export function putBehind(state: TabGroups, tab: Tab): TabGroups {
  return { ...put(state, tab), actives: { [tab.group]: keyOf(tab), ...state.actives }, focused: state.focused };
}

/** Changes tabs in place; an active one stays active. */
export function change(state: TabGroups, changed: (tab: Tab) => Tab): TabGroups {
  const keys = new Map(state.tabs.map((tab) => [keyOf(tab), keyOf(changed(tab))]));
  const actives = Object.entries(state.actives).map(([group, key]) => [group, keys.get(key) ?? key]);
  return { ...state, tabs: state.tabs.map(changed), actives: Object.fromEntries(actives) };
}

/** Removes tabs. The one before takes the place of an active one; an empty group goes, except the last. */
export function drop(state: TabGroups, isDropped: (tab: Tab) => boolean): TabGroups {
  let { groups, focused } = state;
  const actives = { ...state.actives };
  const tabs = state.tabs.filter((tab) => !isDropped(tab));
  for (const group of state.groups) {
    const before = tabsIn(state, group);
    const left = before.filter((tab) => !isDropped(tab));
    if (left.length === 0 && groups.length > 1) {
      const at = groups.indexOf(group);
      groups = groups.filter((each) => each !== group);
      if (focused === group) focused = groups[Math.max(0, at - 1)] ?? 0;
      delete actives[group];
    } else if (!left.some((tab) => keyOf(tab) === actives[group])) {
      const at = before.findIndex((tab) => keyOf(tab) === actives[group]);
      const next = before.slice(0, Math.max(0, at)).findLast((tab) => !isDropped(tab)) ?? left[0];
      if (next) actives[group] = keyOf(next);
      else delete actives[group];
    }
  }
  return { tabs, groups, actives, focused };
}

/** Moves a tab before another one, or to the end of a group. */
export function move(state: TabGroups, tab: Tab, group: number, before?: Tab): TabGroups {
  if (before === tab) return state;
  const moved = { ...tab, group, pinned: true };
  const others = state.tabs.filter(
    (each) => each !== tab && (each.group !== group || keyOf(each) !== keyOf(tab) || each === before),
  );
  const at = before ? others.indexOf(before) : -1;
  const tabs = others.toSpliced(at < 0 ? others.length : at, 0, moved);
  const arrived = { ...state, tabs, actives: { ...state.actives, [group]: keyOf(tab) }, focused: group };
  return tab.group === group ? arrived : drop({ ...arrived, tabs: [...tabs, tab] }, (each) => each === tab);
}

/** A new group to the right of `beside`. */
export function addGroup(state: TabGroups, beside: number): { state: TabGroups; group: number } {
  const group = Math.max(...state.groups) + 1;
  const groups = state.groups.toSpliced(state.groups.indexOf(beside) + 1, 0, group);
  return { state: { ...state, groups }, group };
}
