import { useRef } from "react";
import type { Job } from "../../shared/api/types";
import { accounted, addSample, paceOf, type Pace, type Sample } from "./jobProgress";

/** The job's pace from what this page has seen of it. Samples are taken when the job changes, not when the page renders. */
export function usePace(job: Job): Pace {
  const seen = useRef<{ version: number; samples: Sample[] }>({ version: -1, samples: [] });
  if (seen.current.version !== job.version) {
    const sample = { at: performance.now(), accounted: accounted(job) };
    seen.current = { version: job.version, samples: addSample(seen.current.samples, sample) };
  }
  return paceOf(job, seen.current.samples);
}
