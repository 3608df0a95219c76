import type { Forecast } from "../../shared/api/types";
import { formatAmount, formatBytes, formatDuration } from "../../shared/format";

type Range = Forecast["bytes"];

export const roomWords: Record<Forecast["room"], string> = {
  fits: "Fits",
  tight: "Tight: what is expected fits, but not what is likely at most",
  noRoom: "No room",
};

/** "1.2 GB (1.1 GB to 1.3 GB)": nineteen of twenty lie between. */
export function bytesOf(range: Range): string {
  const [expected, low, high] = [range.expected, range.low, range.high].map((bytes) => formatBytes(Math.max(0, bytes)));
  return low === high ? expected! : `${expected} (${low} to ${high})`;
}

export function hoursOf(range: Range): string {
  if (range.expected === 0) return "–";
  const [expected, low, high] = [range.expected, range.low, range.high].map((hours) => formatDuration(Math.max(0, hours) * 3600));
  return low === high ? expected! : `${expected} (${low} to ${high})`;
}

/** What the numbers stand on, so that they are trusted as far as they may be. */
export function basisOf({ basis, sampledImages, sampleSeconds }: Forecast): string {
  if (basis === "sample") return `By ${formatAmount(sampledImages, "image")} of this job that were decoded for it in ${formatDuration(sampleSeconds)}.`;
  if (basis === "library") return "By what the pictures of this library take on average.";
  if (basis === "libraries") return "By what the pictures of all libraries take on average.";
  return "By what photographs usually come to: nothing is known of these yet.";
}
