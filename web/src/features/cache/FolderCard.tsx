import { useRights } from "../../shared/api/access";
import type { CacheFolder } from "../../shared/api/types";
import { formatAmount, formatBytes, formatCount } from "../../shared/format";
import { Badges } from "../../shared/ui/Badge";
import { panelLook } from "../../shared/ui/Section";
import { FolderActions } from "./FolderActions";
import { FolderBar } from "./FolderBar";
import { badgesOf, nameOf, takesOf } from "./folderWords";

export function FolderCard({ folder }: { folder: CacheFolder }) {
  const { canManageCache } = useRights();
  const used = folder.bytes + folder.reservedBytes;
  return (
    <article aria-label={nameOf(folder)} className={`${panelLook} space-y-4`}>
      <header className="flex flex-wrap items-start justify-between gap-x-3 gap-y-2">
        <h3 className="min-w-0 font-mono text-sm font-semibold break-all">{nameOf(folder)}</h3>
        <Badges of={badgesOf(folder)} />
      </header>
      <div className="space-y-1.5">
        <FolderBar folder={folder} />
        <p className="text-xs text-muted">
          {formatBytes(used)} of {formatBytes(folder.limitBytes)} ({folder.usedPercent.toFixed(1)}%)
          {folder.reservedBytes > 0 && `, ${formatBytes(folder.reservedBytes)} of it promised to work in hand`}
        </p>
      </div>
      <Facts folder={folder} />
      {canManageCache && <FolderActions folder={folder} />}
    </article>
  );
}

function Facts({ folder }: { folder: CacheFolder }) {
  const budgets = folder.byPreset.filter((use) => use.budgetBytes !== null);
  const facts: [label: string, value: string][] = [
    ["Files", formatCount(folder.blobs)],
    ["Free on the disk", formatBytes(folder.freeBytes)],
    ["Kept free", formatBytes(folder.floorBytes)],
    ["Priority", formatCount(folder.priority)],
  ];
  return (
    <div className="space-y-3">
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt className="text-xs text-muted">{label}</dt>
            <dd className="font-semibold tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="text-sm">
        <span className="text-muted">Takes: </span>
        {takesOf(folder)}
      </p>
      {budgets.length > 0 && (
        <ul className="text-sm">
          {budgets.map((use) => (
            <li key={use.preset}>
              {use.preset}: {formatBytes(use.bytes)} of at most {formatBytes(use.budgetBytes!)} <span className="text-muted">({formatAmount(use.blobs, "file")})</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
