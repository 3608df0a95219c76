import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useRights } from "../../shared/api/access";
import { api, dataOf } from "../../shared/api/http";
import type { Preset } from "../../shared/api/types";
import { formatAmount, formatCount } from "../../shared/format";
import { Button } from "../../shared/ui/Button";
import { Confirm } from "../../shared/ui/Confirm";
import { ErrorNotice } from "../../shared/ui/Notice";
import { panelLook, Section } from "../../shared/ui/Section";
import { PresetForm } from "./PresetForm";
import { cacheChanged, presetsQuery } from "./queries";

type Dialog = { kind: "add" } | { kind: "change" | "retire"; preset: Preset };

/** How pictures are made. */
export function PresetsSection() {
  const { canManageCache } = useRights();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [jobs, setJobs] = useState<number | null>(null);
  const { data: presets, error, refetch } = useQuery(presetsQuery);
  const close = () => setDialog(null);
  const add = canManageCache && (
    <Button icon="plus" onClick={() => setDialog({ kind: "add" })}>
      Add a preset
    </Button>
  );
  return (
    <Section title="Presets" side={add}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {jobs !== null && <Changed jobs={jobs} />}
      {presets && (
        <ul className={`${panelLook} divide-y divide-line py-2!`}>
          {presets.map((preset) => (
            <li key={preset.name} className="flex flex-wrap items-center justify-between gap-3 py-3">
              <div className="min-w-0">
                <p className="font-medium">{preset.name}</p>
                <p className="text-sm text-muted">{wordsOf(preset)}</p>
              </div>
              {canManageCache && <Actions preset={preset} onDialog={setDialog} />}
            </li>
          ))}
        </ul>
      )}
      {dialog?.kind === "add" && <PresetForm preset={null} onClose={close} onChanged={setJobs} />}
      {dialog?.kind === "change" && <PresetForm preset={dialog.preset} onClose={close} onChanged={setJobs} />}
      {dialog?.kind === "retire" && <Retire preset={dialog.preset} onClose={close} />}
    </Section>
  );
}

function wordsOf({ maxEdge, format, quality, keepFrames }: Preset): string {
  const edge = maxEdge === null ? "The picture's own size" : `At most ${formatCount(maxEdge)} px`;
  return [edge, format.toUpperCase(), `quality ${quality}`, keepFrames ? "animations kept" : "first frame of animations"].join(" · ");
}

function Actions({ preset, onDialog }: { preset: Preset; onDialog: (dialog: Dialog) => void }) {
  return (
    <span className="inline-flex gap-2">
      <Button aria-label={`Change ${preset.name}`} onClick={() => onDialog({ kind: "change", preset })}>
        Change
      </Button>
      <Button look="quiet" aria-label={`Retire ${preset.name}`} onClick={() => onDialog({ kind: "retire", preset })}>
        Retire
      </Button>
    </span>
  );
}

/** What follows from a changed recipe. */
function Changed({ jobs }: { jobs: number }) {
  if (jobs === 0) return <p role="status">Saved. No library makes this preset: its pictures are made anew when somebody looks at them.</p>;
  return (
    <p role="status">
      Saved. The pictures are made anew, and the old ones are served until the new ones are there:{" "}
      <Link to="/jobs" className="text-accent underline underline-offset-2">
        see {formatAmount(jobs, "job")}
      </Link>
      .
    </p>
  );
}

function Retire({ preset, onClose }: { preset: Preset; onClose: () => void }) {
  const client = useQueryClient();
  const retire = useMutation({
    mutationFn: () => dataOf(api.DELETE("/api/v1/cache/presets/{name}", { params: { path: { name: preset.name } } })),
    onSuccess: async () => {
      onClose();
      await cacheChanged(client);
    },
  });
  return (
    <Confirm title={`Retire ${preset.name}`} action="Retire" pending={retire.isPending} error={retire.error} onConfirm={() => retire.mutate()} onClose={onClose}>
      <p>Nothing makes or serves it any more, and what it made goes with the next clean-up.</p>
    </Confirm>
  );
}
