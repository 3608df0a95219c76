import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../../shared/api/http";
import { joinPages, nextCursor } from "../../shared/api/pages";
import type { Collection, Image, Page } from "../../shared/api/types";
import type { CollectionSearch } from "./search";

const pageSize = 100;

export function collectionsQuery({ library, search, sort, descending }: CollectionSearch) {
  return infiniteQueryOptions({
    queryKey: ["collections", { library, search, sort, descending }],
    queryFn: ({ pageParam, signal }): Promise<Page<Collection>> =>
      dataOf(
        api.GET("/api/v1/collections", {
          params: { query: { library, search, sort, descending, limit: pageSize, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: nextCursor,
    select: (data) => joinPages(data.pages),
  });
}

export function collectionQuery(id: string) {
  return queryOptions({
    queryKey: ["collection", id],
    queryFn: ({ signal }) => dataOf(api.GET("/api/v1/collections/{id}", { params: { path: { id } }, signal })),
  });
}

export function imagesQuery(collectionId: string) {
  return infiniteQueryOptions({
    queryKey: ["images", collectionId],
    queryFn: ({ pageParam, signal }): Promise<Page<Image>> =>
      dataOf(
        api.GET("/api/v1/collections/{id}/images", {
          params: { path: { id: collectionId }, query: { limit: pageSize, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: nextCursor,
    select: (data) => joinPages(data.pages),
  });
}
