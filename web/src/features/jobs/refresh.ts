import type { Query, QueryClient } from "@tanstack/react-query";
import type { Job } from "../../shared/api/types";

/** Made covers are to be seen within a second: this, the stream's word and the list's answer together. */
const everyMilliseconds = 600;
/** A list that was scrolled further is not read again page by page while jobs run; it is when it is opened anew. */
const pagesReadAgain = 3;
const changedByJobs = ["libraries", "collections", "collection", "images"];

/**
 * Jobs change libraries, collections and images. This reads what the page shows of them again as jobs progress: at most
 * once in its time, and never while the answers of the time before are on their way, so a slow server is not asked more
 * than it can say. Returns what takes the jobs, and what ends it.
 */
export function startRefresh(client: QueryClient) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reading = false;
  let changed = false;
  let before: Map<string, Job> | undefined;

  async function read() {
    timer = undefined;
    changed = false;
    reading = true;
    await Promise.all(changedByJobs.map((key) => client.invalidateQueries({ queryKey: [key], predicate: isShort })));
    reading = false;
    if (changed) readSoon();
  }

  function readSoon() {
    changed = true;
    if (!reading) timer ??= setTimeout(() => void read(), everyMilliseconds);
  }

  function takeJobs(jobs: readonly Job[]) {
    const known = before;
    before = new Map(jobs.map((job) => [job.id, job]));
    if (known && jobs.some((job) => known.get(job.id) !== job)) readSoon();
  }

  return { takeJobs, stop: () => clearTimeout(timer) };
}

function isShort(query: Query): boolean {
  const pages = (query.state.data as { pages?: unknown[] } | undefined)?.pages;
  return !pages || pages.length <= pagesReadAgain;
}
