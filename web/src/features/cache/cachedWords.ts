import type { CacheStatistics } from "../../shared/api/types";
import { formatAmount, formatBytes } from "../../shared/format";

type Difference = NonNullable<CacheStatistics["difference"]>;

/** "image/webp" as people call it. */
export function formatOf(contentType: string): string {
  return contentType.replace(/^image\//, "").replace(/\+xml$/, "").toUpperCase();
}

/** Why the files on the disks are not as many, and not as large, as the pictures of the images: files = pictures + removed - shared + unreferenced. */
export function differenceOf(found: Difference): string {
  const sum = `${formatAmount(found.derivatives, "picture")} (${formatBytes(found.derivativeBytes)}) ${found.derivatives === 1 ? "lies" : "lie"} in ${formatAmount(found.blobs, "file")} (${formatBytes(found.blobBytes)})`;
  const reasons: string[] = [];
  if (found.sharedLinks > 0) reasons.push(`${formatAmount(found.sharedLinks, "picture")} (${formatBytes(found.sharedBytes)}) ${be(found.sharedLinks)} the same as another and ${found.sharedLinks === 1 ? "needs" : "need"} no file`);
  if (found.removedLinks > 0) reasons.push(`${formatAmount(found.removedLinks, "more picture")} (${formatBytes(found.removedBytes)}) ${be(found.removedLinks)} of images that are gone and not forgotten yet`);
  if (found.unreferencedBlobs > 0) reasons.push(`${formatAmount(found.unreferencedBlobs, "file")} (${formatBytes(found.unreferencedBytes)}) ${be(found.unreferencedBlobs)} shown by no image and ${found.unreferencedBlobs === 1 ? "goes" : "go"} with a clean-up`);
  return reasons.length === 0 ? `${sum}: each has one of its own.` : `${sum}: ${reasons.join("; ")}.`;
}

function be(count: number): string {
  return count === 1 ? "is" : "are";
}
