import type { ReactNode } from "react";
import { messageOf } from "../api/problem";
import { Button } from "./Button";

/** What went wrong, in the server's own words, and a way to try again where there is one. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div role="alert" className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-danger/40 bg-danger/10 px-4 py-3 text-sm">
      <p>{messageOf(error)}</p>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="mx-auto max-w-md space-y-3 py-24 text-center">
      <h2 className="text-lg font-semibold">{title}</h2>
      <div className="space-y-4 text-sm text-muted">{children}</div>
    </div>
  );
}
