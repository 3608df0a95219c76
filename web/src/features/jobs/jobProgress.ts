import type { Job } from "../../shared/api/types";

/** How far a job was at a moment of this page's own clock (milliseconds). */
export interface Sample {
  at: number;
  accounted: number;
}

export interface Pace {
  perSecond: number | null;
  secondsLeft: number | null;
}

const windowMilliseconds = 20_000;

export function accounted(job: Job): number {
  return job.completedImages + job.skippedImages + job.failedImages + job.cancelledImages;
}

/** Adds a sample and drops those that are older than the window, but keeps one from before it as its start. */
export function addSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const from = sample.at - windowMilliseconds;
  return [...samples, sample].filter((_, index, all) => (all[index + 1]?.at ?? Infinity) > from);
}

/**
 * The pace over the last samples; with fewer than two the mean since the job's start, both taken from the server's clock.
 * Time left is said only once the total is known.
 */
export function paceOf(job: Job, samples: readonly Sample[]): Pace {
  const perSecond = job.status === "Running" ? (paceOfSamples(samples) ?? paceSinceStart(job)) : null;
  const left = job.totalImages - accounted(job);
  return { perSecond, secondsLeft: perSecond && job.planned && left > 0 ? left / perSecond : null };
}

function paceOfSamples(samples: readonly Sample[]): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < 1000) return null;
  return (last.accounted - first.accounted) / ((last.at - first.at) / 1000);
}

function paceSinceStart(job: Job): number | null {
  if (!job.startedAt || !job.lastProgressAt) return null;
  const seconds = (Date.parse(job.lastProgressAt) - Date.parse(job.startedAt)) / 1000;
  return seconds >= 1 ? accounted(job) / seconds : null;
}
