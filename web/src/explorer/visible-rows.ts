import { createMemo, createSignal, onCleanup, onMount, type Accessor } from "solid-js";

/** Rows that are drawn beyond each edge. */
const overscan = 12;

/** Which rows of a scrolled list are drawn. All rows have the same height, so nothing is measured. */
export function createVisibleRows(list: { scroller: () => HTMLElement; count: Accessor<number>; rowHeight: number }) {
  const { scroller, count, rowHeight } = list;
  const [top, setTop] = createSignal(0);
  const [height, setHeight] = createSignal(800);
  onMount(() => {
    const element = scroller();
    const onScroll = () => setTop(element.scrollTop);
    const observer = new ResizeObserver(() => {
      setHeight(element.clientHeight);
      onScroll();
    });
    observer.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    onCleanup(() => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    });
  });
  const first = createMemo(() => Math.max(0, Math.floor(top() / rowHeight) - overscan));
  const end = createMemo(() => Math.min(count(), Math.ceil((top() + height()) / rowHeight) + overscan));
  return {
    indexes: createMemo(() => Array.from({ length: Math.max(0, end() - first()) }, (_, at) => first() + at)),
    height: () => count() * rowHeight,
    /** Scrolls no further than needed. */
    scrollTo(index: number): void {
      const element = scroller();
      const highest = (index + 1) * rowHeight - element.clientHeight;
      element.scrollTop = Math.max(highest, Math.min(element.scrollTop, index * rowHeight));
      setTop(element.scrollTop);
    },
  };
}
