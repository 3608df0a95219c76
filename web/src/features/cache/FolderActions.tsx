import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, dataOf } from "../../shared/api/http";
import type { CacheFolder, Reconciliation } from "../../shared/api/types";
import { formatAmount, formatBytes } from "../../shared/format";
import { Button } from "../../shared/ui/Button";
import { Confirm } from "../../shared/ui/Confirm";
import { ErrorNotice } from "../../shared/ui/Notice";
import { CleanUp } from "./CleanUp";
import { FolderForm } from "./FolderForm";
import { nameOf } from "./folderWords";
import { cacheChanged } from "./queries";

type Dialog = "change" | "clean" | "drain" | "remove";

export function FolderActions({ folder }: { folder: CacheFolder }) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const stop = useFolderMutation(() => dataOf(api.POST("/api/v1/cache/folders/{id}/drain/stop", of(folder))));
  const reconcile = useFolderMutation(() => dataOf(api.POST("/api/v1/cache/folders/{id}/reconcile", of(folder))));
  const error = stop.error ?? reconcile.error;
  return (
    <footer className="space-y-3">
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setDialog("change")}>Change</Button>
        <Button onClick={() => setDialog("clean")}>Clean up</Button>
        <Button disabled={reconcile.isPending} onClick={() => reconcile.mutate()}>
          Reconcile
        </Button>
        {folder.drain ? (
          <Button disabled={stop.isPending} onClick={() => stop.mutate()}>
            Stop draining
          </Button>
        ) : (
          <Button onClick={() => setDialog("drain")}>Drain</Button>
        )}
        <Button onClick={() => setDialog("remove")}>Remove</Button>
      </div>
      {error && <ErrorNotice error={error} />}
      {reconcile.data && (
        <p role="status" className="text-sm text-muted">
          {reconciledOf(reconcile.data)}
        </p>
      )}
      {dialog === "change" && <FolderForm folder={folder} onClose={close} />}
      {dialog === "clean" && <CleanUp folder={folder} onClose={close} />}
      {dialog === "drain" && <Drain folder={folder} onClose={close} />}
      {dialog === "remove" && <Remove folder={folder} onClose={close} />}
    </footer>
  );
}

function Drain({ folder, onClose }: { folder: CacheFolder; onClose: () => void }) {
  const drain = useFolderMutation(() => dataOf(api.POST("/api/v1/cache/folders/{id}/drain", of(folder))), onClose);
  return (
    <Confirm title={`Drain ${nameOf(folder)}`} action="Drain" pending={drain.isPending} error={drain.error} onConfirm={() => drain.mutate()} onClose={onClose}>
      <p>It takes nothing new, and what is there moves to other folders, while it is served all the time.</p>
      <p className="text-muted">
        {formatAmount(folder.blobs, "file")} with {formatBytes(folder.bytes)} need room there. Draining can be stopped; what has moved stays where it is.
      </p>
    </Confirm>
  );
}

function Remove({ folder, onClose }: { folder: CacheFolder; onClose: () => void }) {
  const remove = useFolderMutation(() => dataOf(api.DELETE("/api/v1/cache/folders/{id}", of(folder))), onClose);
  return (
    <Confirm title={`Remove ${nameOf(folder)}`} action="Remove" pending={remove.isPending} error={remove.error} onConfirm={() => remove.mutate()} onClose={onClose}>
      <p>Vitrine gives the folder up. Its directory stays, and so does whatever in it is none of ours.</p>
      {folder.blobs > 0 && <p className="text-warning">{formatAmount(folder.blobs, "file")} are in it: it has to be drained first.</p>}
    </Confirm>
  );
}

function useFolderMutation<T>(mutationFn: () => Promise<T>, onDone?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: async () => {
      onDone?.();
      await cacheChanged(client);
    },
  });
}

function of(folder: CacheFolder) {
  return { params: { path: { id: folder.id } } };
}

function reconciledOf(found: Reconciliation): string {
  const { files: orphans = 0, bytes: orphanBytes = 0 } = found.orphans;
  const parts = [`${formatAmount(found.files, "file")} with ${formatBytes(found.bytes)} are there.`];
  if (found.repaired > 0) parts.push(`${formatAmount(found.repaired, "picture")} had lost the file: made again when needed.`);
  if (found.damaged > 0) parts.push(`${formatAmount(found.damaged, "file")} of another size than recorded.`);
  if (orphans > 0) parts.push(`${formatAmount(orphans, "file")} with ${formatBytes(orphanBytes)} that nothing refers to: clean up.`);
  parts.push(found.differences.length === 0 ? "The counters were right." : `Counted anew: ${found.differences.join("; ")}.`);
  return parts.join(" ");
}
