import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../../shared/api/http";
import type { Job } from "../../shared/api/types";

export const pollSeconds = 5;
/** While the stream gives events the poll only guards against a connection that died without a word. */
const guardSeconds = 60;
const jobsKept = 200;

/** The newest jobs and all open ones, newest first. `live` says whether the stream gives events. */
export function jobsQuery(client: QueryClient, live: boolean) {
  return queryOptions({
    queryKey: jobsKey,
    queryFn: async ({ signal }): Promise<Job[]> => {
      const page = await dataOf(api.GET("/api/v1/cache/processing-jobs", { params: { query: { limit: jobsKept } }, signal }));
      return mergeJobs(knownJobs(client), page.items);
    },
    refetchInterval: (live ? guardSeconds : pollSeconds) * 1000,
    structuralSharing: false,
  });
}

const jobsKey = ["jobs", "list"] as const;
const liveKey = ["jobs", "live"] as const;

/** Whether the stream gives events; written by the feed alone. */
export const liveQuery = queryOptions({ queryKey: liveKey, queryFn: () => false, staleTime: Infinity, gcTime: Infinity });

export function setLive(client: QueryClient, live: boolean): void {
  client.setQueryData<boolean>(liveKey, live);
}

function knownJobs(client: QueryClient): Job[] {
  return client.getQueryData<Job[]>(jobsKey) ?? [];
}

/** Takes changed jobs into the cache, from the stream or from the answer of a control. */
export function takeJobs(client: QueryClient, changed: readonly Job[]): void {
  client.setQueryData<Job[]>(jobsKey, (known) => mergeJobs(known ?? [], changed));
}

/**
 * The newer version of each job wins, whichever way it came: the stream and the poll overtake each other. What a job waits
 * for changes without a version, so there the later word counts. A job that did not change stays the same object, so only
 * the changed ones render again.
 */
export function mergeJobs(known: readonly Job[], changed: readonly Job[]): Job[] {
  const byId = new Map(known.map((job) => [job.id, job]));
  for (const job of changed) {
    const before = byId.get(job.id);
    if (!before || before.version < job.version || (before.version === job.version && !waitsEqual(before, job))) byId.set(job.id, job);
  }
  const newestFirst = [...byId.values()].sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  return newestFirst.filter((job, index) => index < jobsKept || isOpen(job));
}

function waitsEqual(one: Job, other: Job): boolean {
  return JSON.stringify(one.waits) === JSON.stringify(other.waits);
}

export function isOpen(job: Job): boolean {
  return job.status === "Pending" || job.status === "Running" || job.status === "Paused";
}

/** The jobs of one event. What is none is left out: a malformed event costs itself, and the poll brings what it said. */
export function parseJobs(data: string): Job[] {
  try {
    const parsed: unknown = JSON.parse(data);
    return Array.isArray(parsed) ? parsed.filter(isJob) : [];
  } catch {
    return [];
  }
}

function isJob(value: unknown): value is Job {
  const job = value as Partial<Job> | null;
  return (
    typeof job === "object" && job !== null && typeof job.id === "string" && typeof job.version === "number" && typeof job.status === "string" &&
    Array.isArray(job.waits) && Array.isArray(job.recipes)
  );
}
