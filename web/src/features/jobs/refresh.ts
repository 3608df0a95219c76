import type { Query, QueryClient } from "@tanstack/react-query";
import type { Job } from "../../shared/api/types";
import { isOpen } from "./jobCache";

const countersEverySeconds = 2;
const listsEverySeconds = 5;
/** A list that was scrolled further is not read again page by page while jobs run; it is when it is opened anew. */
const pagesReadAgain = 3;

/**
 * Jobs change libraries, collections and images. This reads them again as jobs progress, each kind at most once in its
 * time, and all of them when a job ends. Returns what takes the jobs, and what ends it.
 */
export function startRefresh(client: QueryClient) {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  let before = new Map<string, Job>();

  function refreshSoon(key: string, seconds: number) {
    if (timers.has(key)) return;
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        void client.invalidateQueries({ queryKey: [key], predicate: isShort });
      }, seconds * 1000),
    );
  }

  function takeJobs(jobs: readonly Job[]) {
    const changed = jobs.filter((job) => before.size > 0 && before.get(job.id) !== job);
    const ended = changed.some((job) => !isOpen(job));
    before = new Map(jobs.map((job) => [job.id, job]));
    if (changed.length === 0) return;
    refreshSoon("libraries", ended ? 0 : countersEverySeconds);
    for (const key of ["collections", "collection", "images"]) refreshSoon(key, ended ? 1 : listsEverySeconds);
  }

  return { takeJobs, stop: () => timers.forEach((timer) => clearTimeout(timer)) };
}

function isShort(query: Query): boolean {
  const pages = (query.state.data as { pages?: unknown[] } | undefined)?.pages;
  return !pages || pages.length <= pagesReadAgain;
}
