import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { cardReachedBy, gridShape } from "./gridShape";
import { useBox } from "./useBox";

const gap = 16;
const overscan = 2;
/** The page's sticky header, below which a card must come to stand. */
const headerHeight = 72;

interface VirtualGridProps<T> {
  label: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  renderItem: (item: T) => ReactNode;
  minCardWidth: number;
  /** What the card needs below its square picture. */
  captionHeight: number;
  /** Called whenever the last rows come near; the caller knows whether more is to be had. */
  onNearEnd: () => void;
  /** Called with the range of items that are in the document: those on the screen and a few rows around it. */
  onShown?: (first: number, end: number) => void;
  /** Scrolls to this item once, as soon as it is there. */
  startAt?: number;
}

/** Cards of one size in rows that scroll with the window. Only the rows on screen are in the document, however many items there are. */
export function VirtualGrid<T>(props: VirtualGridProps<T>) {
  const { label, items, keyOf, renderItem, minCardWidth, captionHeight, onNearEnd, onShown, startAt } = props;
  const container = useRef<HTMLDivElement>(null);
  const focusWanted = useRef<number | null>(null);
  const box = useBox(container);
  const { columns, cardWidth } = gridShape(box?.width ?? 0, minCardWidth, gap);
  const rowHeight = cardWidth + captionHeight + gap;
  const rowCount = box ? Math.ceil(items.length / columns) : 0;

  const virtualizer = useWindowVirtualizer({
    count: rowCount,
    estimateSize: () => rowHeight,
    overscan,
    scrollMargin: box?.top ?? 0,
    scrollPaddingStart: headerHeight,
    scrollPaddingEnd: gap,
  });
  const rows = virtualizer.getVirtualItems();
  const lastRow = rows.at(-1)?.index ?? 0;

  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  useEffect(() => {
    if (rowCount > 0 && lastRow >= rowCount - 1 - overscan * 2) onNearEnd();
  }, [lastRow, rowCount, onNearEnd]);

  const firstShown = (rows[0]?.index ?? 0) * columns;
  const endShown = rows.length === 0 ? 0 : Math.min(items.length, (lastRow + 1) * columns);
  useEffect(() => onShown?.(firstShown, endShown), [firstShown, endShown, onShown]);

  const started = useRef(false);
  useEffect(() => {
    if (started.current || startAt === undefined || rowCount === 0 || startAt >= items.length) return;
    // One frame later, so that it has the last word over the router, which restores the page's scroll position.
    const frame = requestAnimationFrame(() => {
      started.current = true;
      focusWanted.current = startAt;
      virtualizer.scrollToIndex(Math.floor(startAt / columns), { align: "center" });
      focusWantedCard();
    });
    return () => cancelAnimationFrame(frame);
  });

  // A card that the keyboard goes to may not be in the document yet: it takes the focus in the render that brings it.
  function focusWantedCard() {
    const card = focusWanted.current === null ? null : container.current?.querySelector<HTMLElement>(`[data-index="${focusWanted.current}"] a`);
    if (!card) return;
    focusWanted.current = null;
    card.focus({ preventScroll: true });
  }
  useEffect(focusWantedCard);

  function onKeyDown(event: KeyboardEvent) {
    const index = Number((event.target as HTMLElement).closest<HTMLElement>("[data-index]")?.dataset.index ?? NaN);
    const to = Number.isNaN(index) || event.altKey || event.ctrlKey || event.metaKey ? null : cardReachedBy(event.key, index, columns, items.length);
    if (to === null) return;
    event.preventDefault();
    focusWanted.current = to;
    virtualizer.scrollToIndex(Math.floor(to / columns));
    focusWantedCard();
  }

  return (
    <div ref={container} role="list" aria-label={label} onKeyDown={onKeyDown} className="relative" style={{ height: Math.max(0, virtualizer.getTotalSize() - gap) }}>
      {rows.map((row) => (
        <div
          key={row.key}
          role="presentation"
          className="absolute inset-x-0 top-0 flex"
          style={{ gap, height: rowHeight - gap, transform: `translateY(${row.start - virtualizer.options.scrollMargin}px)` }}
        >
          {items.slice(row.index * columns, (row.index + 1) * columns).map((item, column) => (
            <div
              key={keyOf(item)}
              role="listitem"
              aria-setsize={items.length}
              aria-posinset={row.index * columns + column + 1}
              data-index={row.index * columns + column}
              style={{ width: cardWidth }}
              className="shrink-0"
            >
              {renderItem(item)}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
