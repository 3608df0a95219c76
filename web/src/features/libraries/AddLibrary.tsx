import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, dataOf } from "../../shared/api/http";
import { librariesQuery } from "../../shared/api/queries";
import { Button } from "../../shared/ui/Button";
import { Field, Tick } from "../../shared/ui/Field";
import { Modal } from "../../shared/ui/Modal";
import { ErrorNotice } from "../../shared/ui/Notice";

/** Folders that did not become libraries, and why. */
type Refused = { root: string; detail: string | null };

export function AddLibrary({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [each, setEach] = useState(false);
  const [refused, setRefused] = useState<Refused[]>([]);
  const add = useMutation({
    mutationFn: addOneOrEach,
    onSuccess: async (left) => {
      setRefused(left);
      if (left.length === 0) onClose();
      await Promise.all([client.invalidateQueries({ queryKey: librariesQuery.queryKey }), client.invalidateQueries({ queryKey: ["jobs", "list"] })]);
    },
  });

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim() || undefined;
    add.mutate({ root: text("root") ?? "", name: text("name"), match: text("match"), each });
  }

  return (
    <Modal title="Add a library" onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        <Field
          label="Folder"
          name="root"
          hint="The absolute path of a folder on the server. Vitrine reads it, and never writes to it."
          placeholder="/srv/photos"
          spellCheck={false}
          autoCapitalize="none"
          required
          autoFocus
        />
        <Tick checked={each} onChange={(event) => setEach(event.target.checked)}>
          A library for each directory in it
        </Tick>
        {each ? (
          <Field label="Only those named" name="match" hint="As in vol* or 202?. Empty: all." maxLength={200} spellCheck={false} autoCapitalize="none" />
        ) : (
          <Field label="Name" name="name" hint="Empty: the folder's own name." maxLength={200} />
        )}
        {add.error && <ErrorNotice error={add.error} />}
        {refused.length > 0 && (
          <ul role="alert" className="max-h-40 space-y-1 overflow-y-auto text-sm text-danger">
            {refused.map(({ root, detail }) => (
              <li key={root}>{detail}</li>
            ))}
          </ul>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={add.isPending}>
            Add and scan
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Answers what was refused among many; a single one that is refused is an error. */
async function addOneOrEach({ root, name, match, each }: { root: string; name?: string; match?: string; each: boolean }): Promise<Refused[]> {
  if (each) {
    const { items } = await dataOf(api.POST("/api/v1/libraries/batch", { body: { below: root, match } }));
    return items.filter((item) => !item.library);
  }
  await dataOf(api.POST("/api/v1/libraries", { body: { root, name } }));
  return [];
}
