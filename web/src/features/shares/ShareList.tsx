import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../../shared/api/http";
import type { Share } from "../../shared/api/types";
import { formatDay } from "../../shared/format";
import { Button } from "../../shared/ui/Button";
import { ErrorNotice } from "../../shared/ui/Notice";
import { sharesKey, sharesQuery } from "./queries";

/** Every link that works, with the way to end it. */
export function ShareList() {
  const { data: shares, error, hasNextPage, isFetching, fetchNextPage, refetch } = useInfiniteQuery(sharesQuery);
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!shares || shares.length === 0) return null;
  return (
    <section aria-label="Links that work" className="space-y-2">
      <h3 className="font-semibold">Links that work</h3>
      <ul className="divide-y divide-line">
        {shares.map((share) => (
          <ShareRow key={share.id} share={share} />
        ))}
      </ul>
      {hasNextPage && (
        <Button disabled={isFetching} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  );
}

function ShareRow({ share }: { share: Share }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => dataOf(api.DELETE("/api/v1/shares/{id}", { params: { path: { id: share.id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: sharesKey }),
  });
  return (
    <li className="space-y-2 py-2">
      <div className="flex items-center justify-between gap-4">
        <div className="min-w-0">
          <p className="truncate">{share.label ? `${share.collection} – ${share.label}` : share.collection}</p>
          <p className="truncate text-xs text-muted">
            by {share.madeBy} on {formatDay(share.createdAt)}, works until {formatDay(share.expiresAt)}
          </p>
        </div>
        <Button disabled={revoke.isPending} onClick={() => revoke.mutate()} aria-label={`Revoke the link to ${share.collection}`}>
          Revoke
        </Button>
      </div>
      {revoke.error && <ErrorNotice error={revoke.error} />}
    </li>
  );
}
