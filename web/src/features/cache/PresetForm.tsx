import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, dataOf } from "../../shared/api/http";
import { messageOf, ProblemError } from "../../shared/api/problem";
import type { Preset } from "../../shared/api/types";
import { Button } from "../../shared/ui/Button";
import { Field, selectLook, Tick } from "../../shared/ui/Field";
import { Modal } from "../../shared/ui/Modal";
import { ErrorNotice } from "../../shared/ui/Notice";
import { cacheChanged } from "./queries";

type PresetField = "name" | "edge" | "quality";
const fieldOfCode: Record<string, PresetField> = { "bad-name": "name", known: "name", "bad-edge": "edge", "bad-quality": "quality" };
const first: Preset = { name: "", maxEdge: 1080, format: "jpeg", quality: 85, keepFrames: false };

interface PresetFormProps {
  /** Null for a new one. */
  preset: Preset | null;
  onClose: () => void;
  /** How many jobs make the pictures of a changed one anew. */
  onChanged: (jobs: number) => void;
}

export function PresetForm({ preset, onClose, onChanged }: PresetFormProps) {
  const client = useQueryClient();
  const start = preset ?? first;
  const [fullSize, setFullSize] = useState(start.maxEdge === null);
  const save = useMutation({
    mutationFn: async (wanted: Preset) => {
      if (preset === null) return void (await dataOf(api.POST("/api/v1/cache/presets", { body: wanted })));
      const { name, maxEdge, ...more } = wanted;
      const body = { ...more, ...(maxEdge === null ? { fullSize: true } : { maxEdge }) };
      onChanged((await dataOf(api.PATCH("/api/v1/cache/presets/{name}", { params: { path: { name } }, body }))).jobs.length);
    },
    onSuccess: async () => {
      onClose();
      await Promise.all([cacheChanged(client), client.invalidateQueries({ queryKey: ["jobs", "list"] })]);
    },
  });
  const refused = save.error instanceof ProblemError ? fieldOfCode[save.error.code] : undefined;
  const errorOf = (field: PresetField) => (refused === field ? messageOf(save.error) : undefined);

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    save.mutate({
      name: preset?.name ?? String(form.get("name")).trim(),
      maxEdge: fullSize ? null : Number(form.get("edge")),
      format: form.get("format") as Preset["format"],
      quality: Number(form.get("quality")),
      keepFrames: form.has("keepFrames"),
    });
  }

  return (
    <Modal title={preset ? `Change ${preset.name}` : "Add a preset"} onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        {preset ? (
          <p className="text-sm text-muted">Libraries that make it begin at once with the new pictures. The old ones are served until then.</p>
        ) : (
          <Field label="Name" name="name" error={errorOf("name")} hint="Small letters, digits and hyphens." maxLength={32} spellCheck={false} autoCapitalize="none" required autoFocus />
        )}
        <Tick checked={fullSize} onChange={(event) => setFullSize(event.target.checked)}>
          The picture's own size
        </Tick>
        {!fullSize && (
          <Field label="Longest edge, in pixels" name="edge" type="number" min={16} max={16384} defaultValue={start.maxEdge ?? 1080} error={errorOf("edge")} required />
        )}
        {fullSize && errorOf("edge") && <ErrorNotice error={save.error} />}
        <div className="grid gap-4 sm:grid-cols-2">
          <div className="space-y-1.5">
            <label htmlFor="preset-format" className="block text-sm font-medium">
              Format
            </label>
            <select id="preset-format" name="format" defaultValue={start.format} className={`${selectLook} w-full`}>
              <option value="jpeg">JPEG</option>
              <option value="webp">WEBP</option>
            </select>
          </div>
          <Field label="Quality" name="quality" type="number" min={1} max={100} defaultValue={start.quality} error={errorOf("quality")} required />
        </div>
        <Tick name="keepFrames" defaultChecked={start.keepFrames}>
          Animations stay animated
        </Tick>
        {save.error && !refused && <ErrorNotice error={save.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={save.isPending}>
            {preset ? "Save" : "Add"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
