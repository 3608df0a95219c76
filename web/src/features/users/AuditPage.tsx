import { useInfiniteQuery } from "@tanstack/react-query";
import { useRights } from "../../shared/api/access";
import type { AuditEntry } from "../../shared/api/types";
import { formatTime } from "../../shared/format";
import { Button } from "../../shared/ui/Button";
import { EmptyState, ErrorNotice } from "../../shared/ui/Notice";
import { panelLook } from "../../shared/ui/Section";
import { useTitle } from "../../shared/useTitle";
import { auditQuery } from "./queries";
import { AdminsOnly } from "./UsersPage";
import { actWords } from "./userWords";

/** Who did what, newest first. */
export function AuditPage() {
  useTitle("Audit");
  const { canManageUsers } = useRights();
  return canManageUsers ? <Audit /> : <AdminsOnly />;
}

function Audit() {
  const { data: entries, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(auditQuery);
  return (
    <>
      <h1 className="mb-6 text-2xl font-semibold tracking-tight">Audit</h1>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {entries?.length === 0 && <EmptyState title="Nothing yet">What people change is written down here.</EmptyState>}
      {entries && entries.length > 0 && (
        <ol aria-label="Audit" className={`${panelLook} divide-y divide-line py-2!`}>
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
      {hasNextPage && (
        <Button className="mt-4" disabled={isFetching} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function EntryRow({ entry }: { entry: AuditEntry }) {
  return (
    <li className="space-y-1 py-3 text-sm">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="min-w-0 break-words">
          <span className="font-medium">{actWords(entry)}</span>
          {entry.target !== null && <span className="text-muted"> {entry.target}</span>}
        </span>
        <time dateTime={entry.at} className="text-muted tabular-nums">
          {formatTime(entry.at)}
        </time>
      </p>
      <p className="break-words text-muted">
        {entry.name}
        {entry.keyId !== null && `, with API key ${entry.keyId}`}
      </p>
      {entry.detail !== null && <p className="font-mono text-xs break-all text-muted">{entry.detail}</p>}
    </li>
  );
}
