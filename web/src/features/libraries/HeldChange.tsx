import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRights } from "../../shared/api/access";
import { api, dataOf } from "../../shared/api/http";
import { librariesQuery } from "../../shared/api/queries";
import type { Library } from "../../shared/api/types";
import { formatAmount, formatTime } from "../../shared/format";
import { Button } from "../../shared/ui/Button";
import { ErrorNotice } from "../../shared/ui/Notice";

/** A scan found so much gone or changed that somebody has to say whether that is right. */
export function HeldChange({ library }: { library: Library }) {
  const client = useQueryClient();
  const { canControlJobs } = useRights();
  const params = { params: { path: { id: library.id } } };
  const decide = useMutation({
    mutationFn: (approve: boolean) =>
      dataOf(approve ? api.POST("/api/v1/libraries/{id}/brake/approve", params) : api.POST("/api/v1/libraries/{id}/brake/reject", params)),
    onSettled: () => client.invalidateQueries({ queryKey: librariesQuery.queryKey }),
  });
  const { held } = library;
  if (!held || held.applying) return null;
  return (
    <section aria-label="Held for approval" className="space-y-3 rounded-lg border border-warning/40 bg-warning/10 px-4 py-3 text-sm">
      <p>
        {formatAmount(held.removed, "original is", "originals are")} gone and {formatAmount(held.redone, "is", "are")} another picture now, since{" "}
        {formatTime(held.since)}. All is kept and shown as it was until somebody decides.
      </p>
      {canControlJobs && (
        <div className="flex flex-wrap gap-2">
          <Button look="primary" disabled={decide.isPending} onClick={() => decide.mutate(true)}>
            Apply it
          </Button>
          <Button disabled={decide.isPending} onClick={() => decide.mutate(false)}>
            Keep all as it is
          </Button>
        </div>
      )}
      {decide.error && <ErrorNotice error={decide.error} />}
    </section>
  );
}
