import type { Forecast } from "../../shared/api/types";
import { formatAmount, formatBytes, formatDuration } from "../../shared/format";

type Range = Forecast["bytes"];

export const roomWords: Record<Forecast["room"], string> = {
  fits: "Fits",
  tight: "Tight: what is expected fits, but not what is likely at most",
  noRoom: "No room",
};

/** What is expected, and between what nineteen of twenty lie: "1.2 GB", "1.1 GB to 1.3 GB". */
export function bytesOf(range: Range): string[] {
  return withError(range, formatBytes);
}

export function hoursOf(range: Range): string[] {
  return range.expected === 0 ? ["–"] : withError(range, (hours) => formatDuration(hours * 3600));
}

function withError({ expected, low, high }: Range, write: (value: number) => string): string[] {
  const [least, most] = [write(Math.max(0, low)), write(high)];
  return least === most ? [write(expected)] : [write(expected), `${least} to ${most}`];
}

/** What the numbers stand on, so that they are trusted as far as they may be. */
export function basisOf({ basis, sampledImages, sampleSeconds }: Forecast): string {
  if (basis === "sample") return `By ${formatAmount(sampledImages, "image")} of this job that were decoded for it in ${formatDuration(sampleSeconds)}.`;
  if (basis === "library") return "By what the pictures of this library take on average.";
  if (basis === "libraries") return "By what the pictures of all libraries take on average.";
  return "By what photographs usually come to: nothing is known of these yet.";
}
