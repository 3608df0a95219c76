import { useQuery } from "@tanstack/react-query";
import { librariesQuery } from "../../shared/api/queries";
import { EmptyState, ErrorNotice } from "../../shared/ui/Notice";
import { useTitle } from "../../shared/useTitle";
import { JobRow } from "./JobRow";
import { NodesSection } from "./NodesSection";
import { useJobs } from "./useJobs";

export function JobsPage() {
  useTitle("Jobs");
  const { jobs, error, isPending } = useJobs();
  const { data: libraries } = useQuery(librariesQuery);
  const names = new Map(libraries?.map((library) => [library.id, library.name]));
  return (
    <>
      <h1 className="mb-6 text-2xl font-semibold tracking-tight">Jobs</h1>
      {error && jobs.length === 0 && <ErrorNotice error={error} />}
      {!isPending && !error && jobs.length === 0 && <EmptyState title="No jobs yet">A scan of a library is the first.</EmptyState>}
      <ul className="space-y-3">
        {jobs.map((job) => (
          <li key={job.id} className="rounded-2xl border border-line bg-panel p-4">
            <JobRow job={job} library={names.get(job.libraryId)} />
          </li>
        ))}
      </ul>
      <NodesSection names={names} />
    </>
  );
}
