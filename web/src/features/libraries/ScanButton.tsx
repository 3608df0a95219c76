import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useRights } from "../../shared/api/access";
import { api, dataOf } from "../../shared/api/http";
import type { Library, ScanMode } from "../../shared/api/types";
import { Button } from "../../shared/ui/Button";
import { ErrorNotice } from "../../shared/ui/Notice";

const modes: Record<ScanMode, string> = {
  changed: "What changed",
  incomplete: "What is incomplete",
  overwrite: "Everything anew",
};

export function ScanButton({ library }: { library: Library }) {
  const client = useQueryClient();
  const id = useId();
  const [mode, setMode] = useState<ScanMode>("changed");
  const { canControlJobs } = useRights();
  const scan = useMutation({
    mutationFn: () => dataOf(api.POST("/api/v1/libraries/{id}/scan", { params: { path: { id: library.id }, query: { mode } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["jobs", "list"] }),
  });
  if (!canControlJobs) return null;
  return (
    <div className="space-y-2">
      <div className="flex items-center gap-2">
        <label htmlFor={id} className="sr-only">
          What a scan takes up
        </label>
        <select
          id={id}
          value={mode}
          onChange={(event) => setMode(event.target.value as ScanMode)}
          className="h-9 rounded-lg border border-line bg-panel px-2 text-sm"
        >
          {Object.entries(modes).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <Button icon="rescan" disabled={scan.isPending} onClick={() => scan.mutate()}>
          Scan again
        </Button>
      </div>
      {scan.error && <ErrorNotice error={scan.error} />}
    </div>
  );
}
