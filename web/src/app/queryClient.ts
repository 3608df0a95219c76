import { QueryClient } from "@tanstack/react-query";
import { isWorthRetrying } from "../shared/api/http";

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Jobs tell what changed (features/jobs/refresh.ts), so coming back to the window need not read all anew.
        staleTime: 10_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && isWorthRetrying(error),
      },
    },
  });
}
