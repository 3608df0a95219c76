import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Library } from "../../shared/api/types";
import { formatAmount, formatBytes, formatCount, formatTime } from "../../shared/format";
import { HeldChange } from "./HeldChange";
import { ScanButton } from "./ScanButton";
import { UnreadFiles } from "./UnreadFiles";

export function LibraryCard({ library, children }: { library: Library; children: ReactNode }) {
  return (
    <article aria-label={library.name} className="space-y-4 rounded-2xl border border-line bg-panel p-5">
      <header className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="truncate text-lg font-semibold">
            <Link to="/collections" search={{ library: library.id }} className="hover:underline">
              {library.name}
            </Link>
          </h2>
          {library.root && <p className="truncate font-mono text-xs text-muted">{library.root}</p>}
        </div>
        <OnlineBadge online={library.online} />
      </header>
      <Counters library={library} />
      <HeldChange library={library} />
      <UnreadFiles libraryId={library.id} />
      <footer className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-xs text-muted">
          {library.lastScanAt ? `Scanned ${formatTime(library.lastScanAt)}` : "Not scanned yet"}
          <DerivativeBytes library={library} />
        </p>
        <ScanButton library={library} />
      </footer>
      {children}
    </article>
  );
}

function OnlineBadge({ online }: { online: boolean }) {
  return (
    <span className="inline-flex shrink-0 items-center gap-1.5 rounded-full bg-sunken px-2.5 py-1 text-xs">
      <span className={`size-2 rounded-full ${online ? "bg-accent" : "bg-warning"}`} />
      {online ? "Online" : "Offline"}
    </span>
  );
}

function Counters({ library }: { library: Library }) {
  const counters: [label: string, value: number, look?: string][] = [
    ["Collections", library.collections],
    ["Images", library.images],
    ["Ready", library.ready],
    ["Failed", library.failed, "text-danger"],
    ["Skipped", library.skipped, "text-warning"],
  ];
  return (
    <>
      <dl className="grid grid-cols-3 gap-3 sm:grid-cols-5">
        {counters.map(([label, value, look]) => (
          <div key={label}>
            <dt className="text-xs text-muted">{label}</dt>
            <dd className={`text-lg font-semibold tabular-nums ${value > 0 ? (look ?? "") : ""}`}>{formatCount(value)}</dd>
          </div>
        ))}
      </dl>
      {library.failedContainers > 0 && (
        <p className="text-sm text-danger">{formatAmount(library.failedContainers, "folder or archive", "folders and archives")} could not be read.</p>
      )}
    </>
  );
}

function DerivativeBytes({ library }: { library: Library }) {
  const bytes = Object.values(library.derivatives).reduce((sum, preset) => sum + preset.bytes, 0);
  return bytes > 0 ? ` · ${formatBytes(bytes)} in the cache` : null;
}
