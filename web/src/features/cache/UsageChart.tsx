import type { Effectiveness } from "../../shared/api/types";
import { formatAmount, formatCount, formatTime } from "../../shared/format";
import { barsOf } from "./usageBars";

const count = 84;
const height = 48;

/** Requests over the time: pictures that were ready, and on top those that had to be made again. */
export function UsageChart({ found }: { found: Effectiveness }) {
  const bars = barsOf(found.series, found.from, found.to, count);
  const most = Math.max(1, ...bars.map((bar) => bar.hits + bar.misses));
  const tall = (requests: number) => (height * requests) / most;
  const words = `${formatAmount(found.all.hits, "hit")} and ${formatAmount(found.all.misses, "miss", "misses")} from ${formatTime(found.from)} to ${formatTime(found.to)}`;
  return (
    <figure className="space-y-1">
      <svg role="img" aria-label={words} viewBox={`0 0 ${count * 4} ${height}`} preserveAspectRatio="none" className="h-24 w-full border-b border-line">
        {bars.map((bar, index) => (
          <g key={bar.at}>
            <rect x={index * 4 + 0.5} width={3} y={height - tall(bar.hits)} height={tall(bar.hits)} className="fill-accent" />
            <rect x={index * 4 + 0.5} width={3} y={height - tall(bar.hits + bar.misses)} height={tall(bar.misses)} className="fill-danger" />
            <title>{`${formatTime(new Date(bar.at).toISOString())}: ${formatCount(bar.hits)} ready, ${formatCount(bar.misses)} made again`}</title>
          </g>
        ))}
      </svg>
      <figcaption className="flex flex-wrap justify-between gap-x-4 text-xs text-muted">
        <span>{formatTime(found.from)}</span>
        <span className="flex gap-4">
          <Key look="bg-accent">ready</Key>
          <Key look="bg-danger">had to be made again</Key>
        </span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}

function Key({ look, children }: { look: string; children: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span className={`size-2 rounded-full ${look}`} />
      {children}
    </span>
  );
}
