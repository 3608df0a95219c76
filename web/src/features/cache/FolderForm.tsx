import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ChangeEvent, type FormEvent } from "react";
import { api, dataOf } from "../../shared/api/http";
import { messageOf } from "../../shared/api/problem";
import type { CacheFolder, CacheFolderChange, Preset } from "../../shared/api/types";
import { Button } from "../../shared/ui/Button";
import { Field, Tick } from "../../shared/ui/Field";
import { Modal } from "../../shared/ui/Modal";
import { ErrorNotice } from "../../shared/ui/Notice";
import { changeOf, fieldOf, textOf, type FieldErrors } from "./folderForm";
import { nameOf } from "./folderWords";
import { PresetFields } from "./PresetFields";
import { cacheChanged, presetsQuery } from "./queries";

interface FolderFormProps {
  /** Null for a new one. */
  folder: CacheFolder | null;
  onClose: () => void;
}

export function FolderForm({ folder, onClose }: FolderFormProps) {
  const { data: presets, error } = useQuery(presetsQuery);
  return (
    <Modal title={folder ? `Change ${nameOf(folder)}` : "Add a cache folder"} onClose={onClose}>
      {error && <ErrorNotice error={error} />}
      {presets && <Form folder={folder} presets={presets} onClose={onClose} />}
    </Modal>
  );
}

/** Only what was touched is sent, so that a size which is shown rounded never changes by itself. */
function Form({ folder, presets, onClose }: FolderFormProps & { presets: Preset[] }) {
  const client = useQueryClient();
  const names = presets.map((preset) => preset.name);
  const [before] = useState(() => textOf(folder, names));
  const [text, setText] = useState(before);
  const [active, setActive] = useState(folder?.active ?? true);
  const form = useRef<HTMLFormElement>(null);
  const [entered, setEntered] = useState<FieldErrors>({});
  const save = useMutation({
    mutationFn: ({ path, change }: { path: string; change: CacheFolderChange }) =>
      folder
        ? dataOf(api.PATCH("/api/v1/cache/folders/{id}", { params: { path: { id: folder.id } }, body: change }))
        : dataOf(api.POST("/api/v1/cache/folders", { body: { ...change, path } })),
    onSuccess: async () => {
      onClose();
      await cacheChanged(client);
    },
  });
  const refused = fieldOf(save.error);
  const errors: FieldErrors = refused ? { ...entered, [refused]: messageOf(save.error) } : entered;

  // What was refused may have been scrolled out of the dialog.
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [entered, save.error]);

  const textField = (field: "priority" | "limit" | "floor") => ({
    value: text[field],
    error: errors[field],
    onChange: (event: ChangeEvent<HTMLInputElement>) => setText({ ...text, [field]: event.target.value.trimStart() }),
  });

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const { change, errors: wrong } = changeOf(before, text, names);
    setEntered(wrong);
    save.reset();
    if (Object.keys(wrong).length > 0) return;
    const path = String(new FormData(event.currentTarget).get("path") ?? "").trim();
    save.mutate({ path, change: folder && active !== folder.active ? { ...change, active } : change });
  }

  return (
    <form ref={form} onSubmit={onSubmit} className="space-y-4">
      {!folder && (
        <Field
          label="Folder"
          name="path"
          error={errors.path}
          hint="The absolute path of an empty folder on the server, outside of libraries and other cache folders."
          placeholder="/srv/cache"
          spellCheck={false}
          autoCapitalize="none"
          required
          autoFocus
        />
      )}
      <Field label="Limit" {...textField("limit")} hint={`The most that it holds, like 200 GB. ${folder ? "What a lower limit has no room for is evicted." : "Empty: a fifth of what is free now."}`} />
      <Field label="Keep free" {...textField("floor")} hint={`Space of the disk that is never used.${folder ? "" : " Empty: 10 GiB or 5% of the disk, at most half of what is free."}`} />
      <Field label="Priority" inputMode="numeric" {...textField("priority")} hint="The folder with the highest one is filled first; equals share." />
      <PresetFields presets={names} text={text} errors={errors} onChange={setText} />
      {folder && (
        <Tick checked={active} onChange={(event) => setActive(event.target.checked)}>
          Takes new pictures
        </Tick>
      )}
      {save.error && !refused && <ErrorNotice error={save.error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" disabled={save.isPending}>
          {folder ? "Save" : "Add"}
        </Button>
      </div>
    </form>
  );
}
