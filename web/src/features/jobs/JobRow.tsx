import { memo, useState } from "react";
import type { Job } from "../../shared/api/types";
import { formatCount, formatDuration, formatRate, formatTime } from "../../shared/format";
import { ProgressBar } from "../../shared/ui/ProgressBar";
import { isOpen } from "./jobCache";
import { JobControls } from "./JobControls";
import { JobFailures } from "./JobFailures";
import { accounted } from "./jobProgress";
import { countOf, recipeOf, statusOf, titleOf } from "./jobWords";
import { usePace } from "./usePace";

/** One job: what it does, how far it is, how fast, what failed. It renders again only when its job changes. */
export const JobRow = memo(function JobRow({ job, library }: { job: Job; library?: string }) {
  const open = isOpen(job);
  return (
    <div className="min-w-0 space-y-2">
      <div className="flex items-center justify-between gap-3">
        <div className="min-w-0">
          <p className="truncate text-sm font-medium">
            {titleOf(job)}
            {library && <span className="text-muted"> in {library}</span>}
          </p>
          <div className="text-xs text-muted">
            {open ? <Progress job={job} /> : <Ended job={job} />}
            <FailureButton job={job} />
            <Recipes job={job} />
          </div>
        </div>
        <JobControls job={job} />
      </div>
      {open && <ProgressBar label={titleOf(job)} done={accounted(job)} total={job.totalImages} failed={job.failedImages} open={!job.planned} />}
    </div>
  );
});

function Progress({ job }: { job: Job }) {
  const { perSecond, secondsLeft } = usePace(job);
  const parts = [countOf(job)];
  if (statusOf(job)) parts.push(statusOf(job));
  if (perSecond) parts.push(formatRate(perSecond));
  if (secondsLeft) parts.push(`${formatDuration(secondsLeft)} left`);
  return <>{parts.join(" · ")}</>;
}

/** How the pictures are made. The server sends it typed, so that nothing is parsed here. */
function Recipes({ job }: { job: Job }) {
  if (job.type !== "derive" || job.recipes.length === 0) return null;
  return <p className="break-words">{job.recipes.map(recipeOf).join(" · ")}</p>;
}

function Ended({ job }: { job: Job }) {
  const parts = [statusOf(job), countOf(job)];
  if (job.finishedAt) parts.push(formatTime(job.finishedAt));
  return <>{parts.join(" · ")}</>;
}

function FailureButton({ job }: { job: Job }) {
  const [shown, setShown] = useState(false);
  if (job.failedImages + job.skippedImages === 0) return null;
  const parts = [
    job.failedImages > 0 && `${formatCount(job.failedImages)} failed`,
    job.skippedImages > 0 && `${formatCount(job.skippedImages)} skipped`,
  ].filter(Boolean);
  return (
    <>
      {" · "}
      <button
        type="button"
        onClick={() => setShown(true)}
        className={`underline underline-offset-2 hover:opacity-80 ${job.failedImages > 0 ? "text-danger" : "text-muted"}`}
      >
        {parts.join(", ")}
      </button>
      {shown && <JobFailures job={job} onClose={() => setShown(false)} />}
    </>
  );
}
