import type { SearchQuery } from "@codemirror/search";
import type { EditorState } from "@codemirror/state";

/** Where counting stops, so that a key in the find field is never held up. */
const maxMatches = 10_000;
const maxMilliseconds = 40;

export interface Matches {
  /** Of the selected match, from 1; 0 if none is selected. */
  current: number;
  count: number;
  /** There are more than were counted. */
  isCut: boolean;
}

export function countMatches(query: SearchQuery, state: EditorState): Matches {
  const { from, to } = state.selection.main;
  const end = performance.now() + maxMilliseconds;
  let [current, count] = [0, 0];
  const cursor = query.getCursor(state);
  for (let next = cursor.next(); !next.done; next = cursor.next()) {
    count++;
    if (next.value.from === from && next.value.to === to) current = count;
    if (count >= maxMatches || (count % 100 === 0 && performance.now() > end)) return { current, count, isCut: true };
  }
  return { current, count, isCut: false };
}
