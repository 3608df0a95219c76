import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, dataOf } from "../../shared/api/http";
import type { CacheFolder } from "../../shared/api/types";
import { formatAmount } from "../../shared/format";
import { Button } from "../../shared/ui/Button";
import { Field, selectLook } from "../../shared/ui/Field";
import { Modal } from "../../shared/ui/Modal";
import { ErrorNotice } from "../../shared/ui/Notice";
import { CleanUpReport } from "./CleanUpReport";
import { nameOf } from "./folderWords";
import { cacheChanged } from "./queries";

const kinds = { all: "Everything", cache: "Larger pictures", thumbnails: "Thumbnails" } as const;
type Kind = keyof typeof kinds;

/** Looks first: nothing can be deleted before a dry run over the same choice has said what it would be. */
export function CleanUp({ folder, onClose }: { folder: CacheFolder; onClose: () => void }) {
  const client = useQueryClient();
  const [kind, setKind] = useState<Kind>("all");
  const [days, setDays] = useState("7");
  const run = useMutation({
    mutationFn: (dryRun: boolean) =>
      dataOf(
        api.POST(`/api/v1/cache/folders/{id}/cleanup/${kind}`, { params: { path: { id: folder.id }, query: { olderThanDays: Number(days), dryRun } } }),
      ),
    onSuccess: async (report) => {
      if (!report.dryRun) await cacheChanged(client);
    },
  });
  const found = run.data;

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    run.mutate(true);
  }

  return (
    <Modal title={`Clean up ${nameOf(folder)}`} onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        <p className="text-sm text-muted">Deletes files that nothing refers to. Pictures in use, originals and files that are none of ours are never touched.</p>
        <div className="grid gap-4 sm:grid-cols-2">
          <div className="space-y-1.5">
            <label htmlFor="clean-kind" className="block text-sm font-medium">
              Of
            </label>
            <select id="clean-kind" className={`${selectLook} w-full`} value={kind} onChange={(event) => choose(() => setKind(event.target.value as Kind))}>
              {Object.entries(kinds).map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <Field label="Older than, in days" type="number" min={0} max={36500} required value={days} onChange={(event) => choose(() => setDays(event.target.value))} hint="Files of the last day always stay." />
        </div>
        {run.error && <ErrorNotice error={run.error} />}
        {found && <CleanUpReport report={found} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" disabled={run.isPending}>
            {found ? "Look again" : "Look what it would be"}
          </Button>
          {found?.dryRun && found.files > 0 && (
            <Button look="primary" disabled={run.isPending} onClick={() => run.mutate(false)}>
              Delete {formatAmount(found.files, "file")}
            </Button>
          )}
        </div>
      </form>
    </Modal>
  );

  function choose(change: () => void) {
    change();
    run.reset();
  }
}
