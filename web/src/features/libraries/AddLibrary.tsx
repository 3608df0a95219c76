import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { api, dataOf } from "../../shared/api/http";
import { librariesQuery } from "../../shared/api/queries";
import { Button } from "../../shared/ui/Button";
import { Field } from "../../shared/ui/Field";
import { Modal } from "../../shared/ui/Modal";
import { ErrorNotice } from "../../shared/ui/Notice";

export function AddLibrary({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: (body: { root: string; name?: string }) => dataOf(api.POST("/api/v1/libraries", { body })),
    onSuccess: async () => {
      onClose();
      await Promise.all([client.invalidateQueries({ queryKey: librariesQuery.queryKey }), client.invalidateQueries({ queryKey: ["jobs", "list"] })]);
    },
  });

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get("name")).trim();
    add.mutate({ root: String(form.get("root")).trim(), name: name === "" ? undefined : name });
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
        <Field label="Name" name="name" hint="Empty: the folder's own name." maxLength={200} />
        {add.error && <ErrorNotice error={add.error} />}
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
