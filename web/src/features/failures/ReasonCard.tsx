import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRights } from "../../shared/api/access";
import { api, dataOf } from "../../shared/api/http";
import type { FailureGroup } from "../../shared/api/types";
import { meaningOf } from "../../shared/reasons";
import { Button } from "../../shared/ui/Button";
import { ErrorNotice } from "../../shared/ui/Notice";
import type { ReasonGroups } from "./groups";

type Act = "retry" | "ignore" | "restore";

/** One reason with its count, where it is from, and what to do with all of it. */
export function ReasonCard({ reason, names }: { reason: ReasonGroups; names: ReadonlyMap<string, string> }) {
  const client = useQueryClient();
  const { canControlJobs } = useRights();
  const body = { reasons: [reason.code], ignored: reason.ignored };
  const act = useMutation({
    mutationFn: async (what: Act) => {
      if (what === "retry") return (await dataOf(api.POST("/api/v1/cache/failures/retry", { body }))).items.length;
      return (await dataOf(api.POST(`/api/v1/cache/failures/${what}`, { body }))).count;
    },
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ["failure-groups"] }), client.invalidateQueries({ queryKey: ["jobs"] })]),
  });
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <p className="font-medium">
            {reason.count.toLocaleString("en")} × {meaningOf(reason.code)}
            {reason.ignored && <span className="ml-2 text-sm text-muted">ignored</span>}
          </p>
          <code className="text-xs text-muted">{reason.code}</code>
        </div>
        {canControlJobs && (
          <div className="flex gap-2">
            <Button disabled={act.isPending} onClick={() => act.mutate("retry")}>
              Try again
            </Button>
            <Button look="quiet" disabled={act.isPending} onClick={() => act.mutate(reason.ignored ? "restore" : "ignore")}>
              {reason.ignored ? "Restore" : "Ignore"}
            </Button>
          </div>
        )}
      </div>
      <ul className="space-y-1 text-sm text-muted">
        {reason.groups.map((group) => (
          <li key={`${group.libraryId} ${group.type} ${group.decoder}`}>{wordsOf(group, names)}</li>
        ))}
      </ul>
      {act.error && <ErrorNotice error={act.error} />}
      {act.isSuccess && act.variables === "retry" && (
        <p role="status" className="text-sm text-muted">
          {act.data === 0 ? "There was nothing left to try." : "They are tried again: see the jobs."}
        </p>
      )}
    </div>
  );
}

function wordsOf(group: FailureGroup, names: ReadonlyMap<string, string>): string {
  const [one, many] = group.type === "scan" ? ["folder or archive", "folders and archives"] : ["picture", "pictures"];
  const library = names.get(group.libraryId) ?? "a library";
  return `${group.count.toLocaleString("en")} ${group.count === 1 ? one : many} in ${library}${group.decoder ? `, by decoder ${group.decoder}` : ""}`;
}
