import type { UsagePoint } from "../../shared/api/types";

/** A part of the time shown. */
export interface Bar {
  at: number;
  hits: number;
  misses: number;
}

/** Points by hour put into so many parts of the time, as long as one another; parts without a request are empty, so that time is drawn to scale. */
export function barsOf(series: readonly UsagePoint[], from: string, to: string, count: number): Bar[] {
  const start = Date.parse(from);
  const step = (Date.parse(to) - start) / count;
  const bars = Array.from({ length: count }, (_, index) => ({ at: start + index * step, hits: 0, misses: 0 }));
  for (const point of series) {
    // The first hour began before the time that was asked for.
    const bar = bars[Math.min(count - 1, Math.max(0, Math.floor((Date.parse(point.at) - start) / step)))];
    if (!bar) continue;
    bar.hits += point.hits;
    bar.misses += point.misses;
  }
  return bars;
}
