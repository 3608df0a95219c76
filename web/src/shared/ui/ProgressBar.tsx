interface ProgressBarProps {
  label: string;
  done: number;
  total: number;
  /** The part of `done` that failed, shown in its own colour. */
  failed?: number;
  /** The total still grows. */
  open?: boolean;
}

export function ProgressBar({ label, done, total, failed = 0, open = false }: ProgressBarProps) {
  const share = (part: number) => `${total > 0 ? Math.min(100, (100 * part) / total) : 0}%`;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      className={`flex h-1.5 overflow-hidden rounded-full bg-sunken ${open ? "animate-pulse" : ""}`}
    >
      <div className="bg-accent transition-[width] duration-500" style={{ width: share(done - failed) }} />
      <div className="bg-danger transition-[width] duration-500" style={{ width: share(failed) }} />
    </div>
  );
}
