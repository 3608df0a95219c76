import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../../shared/api/http";
import type { UsageGroup } from "../../shared/api/types";

const day = 24 * 3600 * 1000;

/** What a folder holds changes while work goes on, and a folder that is drained becomes emptier. */
export const foldersQuery = queryOptions({
  queryKey: ["cache", "folders"],
  queryFn: async ({ signal }) => (await dataOf(api.GET("/api/v1/cache/folders", { signal }))).items,
  refetchInterval: 5_000,
});

export const storageQuery = queryOptions({
  queryKey: ["cache", "storage"],
  queryFn: ({ signal }) => dataOf(api.GET("/api/v1/cache/folders/statistics", { signal })),
  refetchInterval: 15_000,
});

export const statisticsQuery = queryOptions({
  queryKey: ["cache", "statistics"],
  queryFn: ({ signal }) => dataOf(api.GET("/api/v1/cache/statistics", { signal })),
  refetchInterval: 10_000,
});

export const presetsQuery = queryOptions({
  queryKey: ["cache", "presets"],
  queryFn: async ({ signal }) => (await dataOf(api.GET("/api/v1/cache/presets", { signal }))).items,
});

/** Counts of requests are stored every few seconds, so a minute is soon enough. */
export const effectivenessQuery = (days: number, by: UsageGroup) =>
  queryOptions({
    queryKey: ["cache", "effectiveness", days, by],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - days * day).toISOString();
      return dataOf(api.GET("/api/v1/cache/effectiveness", { params: { query: { from, by, limit: 20 } }, signal }));
    },
    refetchInterval: 60_000,
  });

/** After a change to folders or presets: everything that this page shows follows from them. */
export function cacheChanged(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: ["cache"] });
}
