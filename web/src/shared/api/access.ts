import { queryOptions, useQuery, type QueryClient } from "@tanstack/react-query";
import { api, dataOf, onRefusal } from "./http";
import { ProblemError } from "./problem";
import type { Session } from "./types";

/** What the page may do: signed in, or which of the two refusals stands in the way. */
export type Access = { kind: "signed-in"; session: Session } | { kind: "signed-out" } | { kind: "set-up-needed" };

const accessKey = ["access"] as const;

export const accessQuery = queryOptions({
  queryKey: accessKey,
  queryFn: async ({ signal }): Promise<Access> => {
    try {
      return { kind: "signed-in", session: await dataOf(api.GET("/api/v1/session", { signal })) };
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) return { kind: "signed-out" };
      if (error instanceof ProblemError && error.code === "set-up-needed") return { kind: "set-up-needed" };
      throw error;
    }
  },
  staleTime: Infinity,
  gcTime: Infinity,
});

/** Puts every refusal into the query cache, so that one place of the page answers it. Returns what ends it. */
export function watchRefusals(client: QueryClient): () => void {
  return onRefusal((kind) => {
    client.setQueryData<Access>(accessKey, (known) => (known?.kind === kind ? known : { kind }));
  });
}

export function signedIn(client: QueryClient, session: Session): void {
  const access: Access = { kind: "signed-in", session };
  client.setQueryData(accessQuery.queryKey, access);
}

/** Forgets everything that was read for this user, then shows the sign-in. */
export function signedOut(client: QueryClient): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== accessKey[0] });
  client.setQueryData<Access>(accessKey, { kind: "signed-out" });
}

/** Who is signed in; undefined until that is known. */
export function useSession(): Session | undefined {
  const { data } = useQuery(accessQuery);
  return data?.kind === "signed-in" ? data.session : undefined;
}

/** The roles' rights, as far as the page shows or hides controls by them; the server checks them anyway. */
export function useRights() {
  const session = useSession();
  const role = session?.role ?? "Viewer";
  return {
    canControlJobs: role !== "Viewer",
    canManageCache: role !== "Viewer",
    canAddLibraries: role === "Admin",
    canManageUsers: role === "Admin",
    canOpenOriginals: new Set(session?.scopes).has("download"),
  };
}
