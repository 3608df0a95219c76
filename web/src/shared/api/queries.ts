import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "./http";

/** Read by more than one feature: the cards, the filter of collections, the names of jobs' libraries. */
export const librariesQuery = queryOptions({
  queryKey: ["libraries"],
  queryFn: async ({ signal }) => (await dataOf(api.GET("/api/v1/libraries", { signal }))).items,
});
