import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { librariesQuery } from "../../shared/api/queries";
import { isOpen } from "./jobCache";
import { JobRow } from "./JobRow";
import { useJobs } from "./useJobs";

const rowsShown = 2;

/** The open jobs, above whatever page is shown. */
export function JobStrip() {
  const { jobs } = useJobs();
  const { data: libraries } = useQuery(librariesQuery);
  const open = jobs.filter(isOpen);
  if (open.length === 0) return null;
  return (
    <section aria-label="Open jobs" className={`mb-6 grid gap-x-8 gap-y-4 rounded-2xl border border-line bg-panel px-4 py-3 ${open.length > 1 ? "lg:grid-cols-2" : ""}`}>
      {open.slice(0, rowsShown).map((job) => (
        <JobRow key={job.id} job={job} library={libraries?.find((library) => library.id === job.libraryId)?.name} />
      ))}
      {open.length > rowsShown && (
        <Link to="/jobs" className="block text-xs text-muted underline underline-offset-2 hover:text-ink">
          {open.length - rowsShown} more
        </Link>
      )}
    </section>
  );
}
