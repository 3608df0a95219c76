import { useInfiniteQuery } from "@tanstack/react-query";
import { api, dataOf } from "../../shared/api/http";
import type { Failure, Job } from "../../shared/api/types";
import { meaningOf } from "../../shared/reasons";
import { Button } from "../../shared/ui/Button";
import { Modal } from "../../shared/ui/Modal";
import { ErrorNotice } from "../../shared/ui/Notice";

/** Every failed or skipped item of a job, with its place and its reason. */
export function JobFailures({ job, onClose }: { job: Job; onClose: () => void }) {
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ["failures", job.id],
    queryFn: ({ pageParam, signal }) =>
      dataOf(
        api.GET("/api/v1/cache/processing-jobs/{id}/failures", {
          params: { path: { id: job.id }, query: { limit: 100, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const failures = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Modal title="Failed and skipped" onClose={onClose}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      <ul className="divide-y divide-line">
        {failures.map((failure) => (
          <FailureRow key={`${failure.item} ${failure.code}`} failure={failure} />
        ))}
      </ul>
      {!isFetching && !error && failures.length === 0 && <p className="text-sm text-muted">Nothing failed.</p>}
      {hasNextPage && (
        <Button className="mt-4" disabled={isFetching} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </Modal>
  );
}

function FailureRow({ failure }: { failure: Failure }) {
  const look = failure.outcome === "failed" ? "bg-danger/15 text-danger" : "bg-sunken text-muted";
  return (
    <li className="space-y-1 py-3 text-sm first:pt-0">
      <div className="flex items-start justify-between gap-3">
        <p className="min-w-0 font-medium break-words">{failure.source}</p>
        <code className={`shrink-0 rounded px-1.5 py-0.5 text-xs ${look}`}>{failure.code}</code>
      </div>
      <p className="text-muted">
        {meaningOf(failure.code)}
        {failure.attempts > 1 && ` Tried ${failure.attempts} times.`}
      </p>
      {failure.message && <p className="font-mono text-xs break-words text-muted">{failure.message}</p>}
    </li>
  );
}
