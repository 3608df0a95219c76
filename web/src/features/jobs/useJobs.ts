import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Job } from "../../shared/api/types";
import { jobsQuery, liveQuery } from "./jobCache";
import { startJobFeed } from "./jobFeed";
import { startRefresh } from "./refresh";

const none: Job[] = [];

export function useJobs(): { jobs: Job[]; error: unknown; isPending: boolean } {
  const client = useQueryClient();
  const { data: live = false } = useQuery(liveQuery);
  const { data: jobs = none, error, isPending } = useQuery(jobsQuery(client, live));
  return { jobs, error, isPending };
}

/** Keeps the jobs, and what they change, up to date as long as the calling component is on the page. */
export function useJobFeed(): void {
  const client = useQueryClient();
  const { jobs, isPending } = useJobs();
  const [refresh] = useState(() => startRefresh(client));
  useEffect(() => startJobFeed(client), [client]);
  useEffect(() => {
    if (!isPending) refresh.takeJobs(jobs);
  }, [refresh, jobs, isPending]);
  useEffect(() => refresh.stop, [refresh]);
}
