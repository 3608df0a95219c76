import type { CacheFolder } from "../../shared/api/types";
import { formatAmount, formatBytes } from "../../shared/format";
import type { Badge } from "../../shared/ui/Badge";

const faults: Record<NonNullable<CacheFolder["fault"]>, string> = {
  missing: "Not there",
  notOurs: "Not ours: its marker is another's",
  readOnly: "Cannot be written",
  full: "The disk is full",
  failing: "The disk fails",
};

/** What is to be known of a folder at one look, the worst first. */
export function badgesOf(folder: CacheFolder): Badge[] {
  const badges: Badge[] = [];
  if (folder.fault) badges.push({ text: faults[folder.fault], look: "danger" });
  if (folder.full && folder.fault !== "full") badges.push({ text: "Full", look: "danger" });
  else if (folder.nearFull) badges.push({ text: "Near full", look: "warning" });
  if (folder.drain) badges.push({ text: drainingOf(folder.drain), look: "warning" });
  if (!folder.active) badges.push({ text: "Inactive: takes nothing new", look: "plain" });
  return badges;
}

function drainingOf({ leftBlobs, leftBytes }: NonNullable<CacheFolder["drain"]>): string {
  return leftBlobs === 0 ? "Drained" : `Draining: ${formatAmount(leftBlobs, "file")}, ${formatBytes(leftBytes)} left`;
}

/** How the page calls a folder; only Admins see paths. */
export function nameOf(folder: CacheFolder): string {
  return folder.path ?? `Folder ${folder.id}`;
}

export function takesOf(folder: CacheFolder): string {
  return folder.presets.length === 0 ? "All presets" : folder.presets.join(", ");
}
