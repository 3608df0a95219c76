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

/** What the audit is narrowed to; null is any. */
export interface AuditFilter {
  user: { id: string; name: string } | null;
  what: string | null;
}

/** Acts go on while the page stands open, so that what was read before is read anew when it opens again. */
export function auditQuery({ user, what }: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ["audit", user?.id ?? null, what],
    queryFn: async ({ pageParam, signal }): Promise<Page<AuditEntry>> => {
      const query = { limit: pageSize, cursor: pageParam ?? undefined, user: user?.id, what: what ?? undefined };
      return dataOf(api.GET("/api/v1/audit", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: nextCursor,
    select: ({ pages }) => joinPages(pages),
    staleTime: 0,
  });
}

/** Where another user is signed in. */
export function userSessionsQuery(id: string) {
  return queryOptions({
    queryKey: ["users", id, "sessions"],
    queryFn: async ({ signal }) => (await dataOf(api.GET("/api/v1/users/{id}/sessions", { params: { path: { id } }, signal }))).items,
    staleTime: 0,
  });
}

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
