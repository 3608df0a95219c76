import { isOpen } from "./jobCache";
import { JobRow } from "./JobRow";
import { useJobs } from "./useJobs";

/** A library's open jobs, or else its last scan and its last making where something failed, so that failures stay visible after the end. */
export function LibraryJobs({ libraryId }: { libraryId: string }) {
  const { jobs } = useJobs();
  const own = jobs.filter((job) => job.libraryId === libraryId);
  const open = own.filter(isOpen);
  const last = [own.find((job) => job.type === "derive"), own.find((job) => job.type === "scan")].filter((job) => job !== undefined);
  const shown = open.length > 0 ? open : last.filter((job) => job.failedImages > 0 || job.status === "Failed");
  if (shown.length === 0) return null;
  return (
    <div className="space-y-4 border-t border-line pt-4">
      {shown.map((job) => (
        <JobRow key={job.id} job={job} />
      ))}
    </div>
  );
}
