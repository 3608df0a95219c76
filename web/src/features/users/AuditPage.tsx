import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRights } from "../../shared/api/access";
import type { AuditEntry } from "../../shared/api/types";
import { formatTime } from "../../shared/format";
import { Button } from "../../shared/ui/Button";
import { EmptyState, ErrorNotice } from "../../shared/ui/Notice";
import { panelLook } from "../../shared/ui/Section";
import { useTitle } from "../../shared/useTitle";
import { auditQuery, type AuditFilter } from "./queries";
import { AdminsOnly } from "./UsersPage";
import { actWords } from "./userWords";

/** Who did what, newest first. */
export function AuditPage() {
  useTitle("Audit");
  const { canManageUsers } = useRights();
  return canManageUsers ? <Audit /> : <AdminsOnly />;
}

const everything: AuditFilter = { user: null, what: null };

function Audit() {
  const [filter, setFilter] = useState(everything);
  const { data: entries, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(auditQuery(filter));
  return (
    <>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold tracking-tight">Audit</h1>
        <Narrowed filter={filter} onClear={() => setFilter(everything)} />
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {entries?.length === 0 && <EmptyState title="Nothing yet">What people change is written down here.</EmptyState>}
      {entries && entries.length > 0 && (
        <ol aria-label="Audit" className={`${panelLook} divide-y divide-line py-2!`}>
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} onNarrow={(more) => setFilter({ ...filter, ...more })} />
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

function Narrowed({ filter: { user, what }, onClear }: { filter: AuditFilter; onClear: () => void }) {
  if (user === null && what === null) return <p className="text-sm text-muted">Choose an act or a name in a row to see only its rows.</p>;
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-3">
      <p role="status" className="min-w-0 text-sm break-words">
        Only {[what !== null && actWords({ what }), user !== null && `by ${user.name}`].filter(Boolean).join(", ")}
      </p>
      <Button onClick={onClear}>Show all</Button>
    </div>
  );
}

const narrowLook = "cursor-pointer text-left underline-offset-4 hover:underline";

function EntryRow({ entry, onNarrow }: { entry: AuditEntry; onNarrow: (more: Partial<AuditFilter>) => void }) {
  const { userId, name, what } = entry;
  return (
    <li className="space-y-1 py-3 text-sm">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="min-w-0 break-words">
          <button type="button" aria-label={`Only ${actWords(entry)}`} className={`${narrowLook} font-medium`} onClick={() => onNarrow({ what })}>
            {actWords(entry)}
          </button>
          {entry.target !== null && <span className="text-muted"> {entry.target}</span>}
        </span>
        <time dateTime={entry.at} className="text-muted tabular-nums">
          {formatTime(entry.at)}
        </time>
      </p>
      <p className="break-words text-muted">
        {/* The owner of the data folder, over its socket, is no user to ask for. */}
        {userId === null ? (
          name
        ) : (
          <button type="button" aria-label={`Only by ${name}`} className={narrowLook} onClick={() => onNarrow({ user: { id: userId, name } })}>
            {name}
          </button>
        )}
        {entry.keyId !== null && `, with API key ${entry.keyId}`}
      </p>
      {entry.detail !== null && <p className="font-mono text-xs break-all text-muted">{entry.detail}</p>}
    </li>
  );
}
