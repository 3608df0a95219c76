export const sorts = ["name", "updated", "added", "images", "bytes"] as const;
export type Sort = (typeof sorts)[number];

/** What the list of collections shows. It stands in the address, so that a view can be kept and sent. */
export interface CollectionSearch {
  library?: string;
  search?: string;
  sort?: Sort;
  descending?: boolean;
}

/** Reads the address; what does not fit is left out. */
export function parseCollectionSearch(raw: Record<string, unknown>): CollectionSearch {
  // The router reads numbers in the address as numbers; ids and search words are text.
  const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) || undefined : undefined);
  return {
    library: text(raw.library),
    search: text(raw.search)?.slice(0, 200),
    sort: sorts.find((sort) => sort === raw.sort),
    descending: raw.descending === true || undefined,
  };
}
