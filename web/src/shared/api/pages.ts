import type { Page } from "./types";

/**
 * The items of all pages, each once. Between two keyset pages an item can move behind the cursor (a collection whose
 * `updated` changed), and then both pages hold it: the later page has the newer state, the earlier one the place.
 */
export function joinPages<T extends { id: string }>(pages: readonly Page<T>[]): T[] {
  const byId = new Map<string, T>();
  for (const page of pages) {
    for (const item of page.items) byId.set(item.id, item);
  }
  return [...byId.values()];
}

/** Where the pages go on, for `useInfiniteQuery`. A cursor that was used before would go round for ever, so it ends the list. */
export function nextCursor<T>(last: Page<T>, _pages: unknown, _used: unknown, cursors: readonly (string | null)[]): string | null {
  return last.next !== null && cursors.includes(last.next) ? null : last.next;
}
