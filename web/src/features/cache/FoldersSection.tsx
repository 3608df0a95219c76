import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRights } from "../../shared/api/access";
import { formatBytes } from "../../shared/format";
import { Button } from "../../shared/ui/Button";
import { EmptyState, ErrorNotice } from "../../shared/ui/Notice";
import { Section } from "../../shared/ui/Section";
import { FolderCard } from "./FolderCard";
import { FolderForm } from "./FolderForm";
import { foldersQuery, storageQuery } from "./queries";

export function FoldersSection() {
  const { canManageCache } = useRights();
  const [adding, setAdding] = useState(false);
  const { data: folders, error, refetch } = useQuery(foldersQuery);
  const add = canManageCache && (
    <Button icon="plus" onClick={() => setAdding(true)}>
      Add a folder
    </Button>
  );
  return (
    <Section title="Folders" side={add}>
      <Storage />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {folders?.length === 0 && <EmptyState title="No cache folder">Without one, no picture can be kept.</EmptyState>}
      <ul className="grid items-start gap-4 lg:grid-cols-2">
        {folders?.map((folder) => (
          <li key={folder.id}>
            <FolderCard folder={folder} />
          </li>
        ))}
      </ul>
      {adding && <FolderForm folder={null} onClose={() => setAdding(false)} />}
    </Section>
  );
}

/** The room in all folders together: those on one disk have its space once, so this is less than the sum of the cards. */
function Storage() {
  const { data } = useQuery(storageQuery);
  if (!data) return null;
  return (
    <p className="text-sm text-muted">
      {formatBytes(data.totalCacheSize)} used, {formatBytes(data.availableSpace)} can still be written: {data.usagePercent.toFixed(1)}% used.
    </p>
  );
}
