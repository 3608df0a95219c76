import type { ReactNode } from "react";

interface SectionProps {
  title: string;
  /** What stands at the right of the title: a button, a choice. */
  side?: ReactNode;
  children: ReactNode;
}

export function Section({ title, side, children }: SectionProps) {
  return (
    <section aria-label={title} className="space-y-4">
      <div className="flex min-h-10 flex-wrap items-center justify-between gap-3">
        <h2 className="text-lg font-semibold">{title}</h2>
        {side}
      </div>
      {children}
    </section>
  );
}

export const panelLook = "rounded-2xl border border-line bg-panel p-5";

/** Numbers with their names, in a row that wraps. */
export function Figures({ of }: { of: readonly (readonly [label: string, value: string, note?: string])[] }) {
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
      {of.map(([label, value, note]) => (
        <div key={label}>
          <dt className="text-xs text-muted">{label}</dt>
          <dd className="text-lg font-semibold tabular-nums">{value}</dd>
          {note && <dd className="text-xs text-muted tabular-nums">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
