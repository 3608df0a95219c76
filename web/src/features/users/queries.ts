import { infiniteQueryOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import { accessQuery } from "../../shared/api/access";
import { api, dataOf } from "../../shared/api/http";
import { joinPages, nextCursor } from "../../shared/api/pages";
import type { AuditEntry, Page, User } from "../../shared/api/types";

const pageSize = 100;

export const usersQuery = infiniteQueryOptions({
  queryKey: ["users"],
  queryFn: async ({ pageParam, signal }) =>
    (await dataOf(api.GET("/api/v1/users", { params: { query: { limit: pageSize, cursor: pageParam ?? undefined } }, signal }))) as Page<User>,
  initialPageParam: null as string | null,
  getNextPageParam: nextCursor,
  select: ({ pages }) => joinPages(pages),
});

/** Acts go on while the page stands open, so that what was read before is read anew when it opens again. */
export const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  queryFn: async ({ pageParam, signal }): Promise<Page<AuditEntry>> =>
    dataOf(api.GET("/api/v1/audit", { params: { query: { limit: pageSize, cursor: pageParam ?? undefined } }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: nextCursor,
  select: ({ pages }) => joinPages(pages),
  staleTime: 0,
});

export const sessionsQuery = queryOptions({
  queryKey: ["account", "sessions"],
  queryFn: async ({ signal }) => (await dataOf(api.GET("/api/v1/sessions", { signal }))).items,
});

export const keysQuery = queryOptions({
  queryKey: ["account", "keys"],
  queryFn: async ({ signal }) => (await dataOf(api.GET("/api/v1/keys", { signal }))).items,
});

/** After a change to users, of whom one may be who is signed in. */
export async function usersChanged(client: QueryClient): Promise<void> {
  await Promise.all([client.invalidateQueries({ queryKey: usersQuery.queryKey }), client.invalidateQueries({ queryKey: accessQuery.queryKey })]);
}
