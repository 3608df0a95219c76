import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, dataOf, visitWith } from "../../shared/api/http";
import { joinPages, nextCursor } from "../../shared/api/pages";
import { basePath } from "../../shared/api/place";
import type { Page, Share, SharedImage } from "../../shared/api/types";

const pageSize = 100;

export const sharesKey = ["shares"] as const;

/** Links of whoever is signed in; an Admin's list has everybody's. */
export const sharesQuery = infiniteQueryOptions({
  queryKey: sharesKey,
  queryFn: ({ pageParam, signal }): Promise<Page<Share>> => dataOf(api.GET("/api/v1/shares", { params: { query: { cursor: pageParam ?? undefined } }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: nextCursor,
  select: (data) => joinPages(data.pages),
});

export function sharedCollectionQuery(token: string) {
  return queryOptions({
    queryKey: ["shared", token],
    queryFn: ({ signal }) => {
      visitWith(token);
      return dataOf(api.GET("/api/v1/shared", { signal }));
    },
  });
}

export function sharedImagesQuery(token: string) {
  return infiniteQueryOptions({
    queryKey: ["shared", token, "images"],
    queryFn: ({ pageParam, signal }): Promise<Page<SharedImage>> => {
      visitWith(token);
      return dataOf(api.GET("/api/v1/shared/images", { params: { query: { limit: pageSize, cursor: pageParam ?? undefined } }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: nextCursor,
    select: (data) => joinPages(data.pages),
  });
}

/** The secret stands behind the '#', which browsers send to nobody. */
export function linkOf(token: string): string {
  return `${window.location.origin}${basePath}/shared#${token}`;
}
