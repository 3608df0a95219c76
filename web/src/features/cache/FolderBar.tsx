import type { CacheFolder } from "../../shared/api/types";
import { nameOf } from "./folderWords";

/** How much of its limit a folder holds; what is promised to work in hand is drawn lighter. */
export function FolderBar({ folder }: { folder: CacheFolder }) {
  const share = (bytes: number) => `${Math.min(100, (100 * bytes) / folder.limitBytes)}%`;
  const look = folder.full ? "bg-danger" : folder.nearFull ? "bg-warning" : "bg-accent";
  return (
    <div
      role="meter"
      aria-label={`Used of ${nameOf(folder)}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.min(100, folder.usedPercent)}
      className="flex h-2.5 overflow-hidden rounded-full bg-sunken"
    >
      <div className={look} style={{ width: share(folder.bytes) }} />
      <div className={`${look} opacity-50`} style={{ width: share(folder.reservedBytes) }} />
    </div>
  );
}
