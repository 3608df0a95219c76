import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRights } from "../../shared/api/access";
import { api, dataOf } from "../../shared/api/http";
import type { Job } from "../../shared/api/types";
import { IconButton } from "../../shared/ui/Button";
import { ErrorNotice } from "../../shared/ui/Notice";
import { isOpen, takeJobs } from "./jobCache";

type Control = "pause" | "resume" | "cancel";

/** Pause or resume, and cancel, for those who may. */
export function JobControls({ job }: { job: Job }) {
  const client = useQueryClient();
  const { canControlJobs } = useRights();
  const control = useMutation({
    mutationFn: (action: Control) => dataOf(api.POST(`/api/v1/cache/processing-jobs/{id}/${action}`, { params: { path: { id: job.id } } })),
    onSuccess: (changed) => takeJobs(client, [changed]),
  });
  if (!canControlJobs || !isOpen(job)) return null;
  const pausedByUser = job.holds.includes("user");
  return (
    <div className="flex items-center gap-1">
      {control.error && <ErrorNotice error={control.error} />}
      <IconButton
        label={pausedByUser ? "Resume" : "Pause"}
        icon={pausedByUser ? "play" : "pause"}
        disabled={control.isPending}
        onClick={() => control.mutate(pausedByUser ? "resume" : "pause")}
      />
      <IconButton label="Cancel" icon="close" disabled={control.isPending} onClick={() => control.mutate("cancel")} />
    </div>
  );
}
