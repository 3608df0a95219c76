import type { CleanUpReport as Report } from "../../shared/api/types";
import { formatAmount, formatBytes } from "../../shared/format";

const causes: Record<Report["listed"][number]["cause"], string> = { orphan: "not recorded", unreferenced: "shown by no image", staged: "left half written" };

/** What a clean-up would delete or has deleted, why, and what it leaves. */
export function CleanUpReport({ report }: { report: Report }) {
  const by = [["orphan", report.orphans], ["unreferenced", report.unreferenced], ["staged", report.staged]] as const;
  return (
    <div role="status" className="space-y-2 rounded-lg bg-sunken px-4 py-3 text-sm">
      <p className="font-medium">{wordsOf(report)}</p>
      <ul className="text-muted">
        {by.map(([cause, { files = 0, bytes = 0 }]) => files > 0 && <li key={cause}>{`${formatAmount(files, "file")} with ${formatBytes(bytes)}: ${causes[cause]}`}</li>)}
        {report.young > 0 && <li>{formatAmount(report.young, "file")} left: not old enough, or in the making</li>}
        {report.foreign > 0 && <li>{formatAmount(report.foreign, "file")} left: none of ours</li>}
      </ul>
      {report.undeleted > 0 && <p className="text-danger">The disk refused to delete {formatAmount(report.undeleted, "file")}.</p>}
      {report.listed.length > 0 && (
        <details>
          <summary>{report.listed.length < report.files ? `The first ${formatAmount(report.listed.length, "file")}` : "Their names"}</summary>
          <ul className="mt-1 max-h-40 overflow-y-auto font-mono text-xs break-all">
            {report.listed.map((file) => (
              <li key={file.name}>
                {file.name} <span className="text-muted">{formatBytes(file.size)}, {causes[file.cause]}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function wordsOf({ dryRun, files, bytes, examined }: Report): string {
  if (files === 0) return `Nothing to delete among ${formatAmount(examined, "file")}.`;
  const what = `${formatAmount(files, "file")} with ${formatBytes(bytes)}`;
  return dryRun ? `${what} would be deleted.` : `${what} deleted.`;
}
