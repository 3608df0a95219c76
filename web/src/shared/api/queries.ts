import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "./http";

/** Read by more than one feature: the cards, the filter of collections, the names of jobs' libraries. */
export const librariesQuery = queryOptions({
  queryKey: ["libraries"],
  queryFn: async ({ signal }) => (await dataOf(api.GET("/api/v1/libraries", { signal }))).items,
});

/** What the machine reads does not change while the server runs. */
export const formatsQuery = queryOptions({
  queryKey: ["formats"],
  queryFn: async ({ signal }) => (await dataOf(api.GET("/api/v1/formats", { signal }))).items,
  staleTime: Infinity,
});

export const unreadQuery = (libraryId: string) =>
  queryOptions({
    queryKey: ["libraries", libraryId, "unread"],
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET("/api/v1/libraries/{id}/unread", { params: { path: { id: libraryId } }, signal }))).items,
  });
