import { useQuery } from "@tanstack/react-query";
import { api, dataOf } from "../../shared/api/http";
import { addressOf } from "../../shared/api/place";
import { librariesQuery } from "../../shared/api/queries";
import { EmptyState, ErrorNotice } from "../../shared/ui/Notice";
import { useTitle } from "../../shared/useTitle";
import { ReasonCard } from "./ReasonCard";
import { byReason } from "./groups";

/** What failed or was skipped and is so still, by reason. */
export function FailuresPage() {
  useTitle("Failures");
  const { data: libraries } = useQuery(librariesQuery);
  const { data, error, refetch } = useQuery({
    queryKey: ["failure-groups"],
    queryFn: async ({ signal }) => (await dataOf(api.GET("/api/v1/cache/failures/groups", { signal }))).items,
    refetchInterval: 10_000,
  });
  const names = new Map(libraries?.map((library) => [library.id, library.name]));
  return (
    <>
      <div className="mb-6 flex items-center justify-between gap-4">
        <h1 className="text-2xl font-semibold tracking-tight">Failures</h1>
        {data && data.length > 0 && (
          <a href={addressOf("/api/v1/cache/failures.csv")} download className="text-sm text-accent underline underline-offset-2">
            Download as CSV
          </a>
        )}
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <EmptyState title="Nothing failed">Every picture that was found could be read.</EmptyState>}
      <ul className="space-y-3">
        {byReason(data ?? []).map((reason) => (
          <li key={`${reason.code} ${reason.ignored}`} className="rounded-2xl border border-line bg-panel p-4">
            <ReasonCard reason={reason} names={names} />
          </li>
        ))}
      </ul>
    </>
  );
}
