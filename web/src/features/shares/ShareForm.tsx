import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, dataOf } from "../../shared/api/http";
import { Button } from "../../shared/ui/Button";
import { Field, inputLook, selectLook } from "../../shared/ui/Field";
import { ErrorNotice } from "../../shared/ui/Notice";
import { linkOf, sharesKey } from "./queries";

const times = [
  { days: 7, name: "a week" },
  { days: 30, name: "30 days" },
  { days: 90, name: "90 days" },
  { days: 365, name: "a year" },
];

export function ShareForm({ collectionId }: { collectionId: string }) {
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: (body: { collectionId: string; days: number; label: string }) => dataOf(api.POST("/api/v1/shares", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: sharesKey }),
  });

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    make.mutate({ collectionId, days: Number(form.get("days")), label: String(form.get("label")).trim() });
  }

  return (
    <form onSubmit={onSubmit} className="space-y-4">
      <p className="text-muted">Whoever has the link sees the pictures of this collection without signing in, never the original files, until it expires or is revoked.</p>
      <Field label="For whom" name="label" maxLength={100} hint="Only you and Admins see this." />
      <label className="flex items-center gap-3 font-medium">
        It works for
        <select name="days" defaultValue={30} className={selectLook}>
          {times.map(({ days, name }) => (
            <option key={days} value={days}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {make.error && <ErrorNotice error={make.error} />}
      <Button type="submit" look="primary" disabled={make.isPending}>
        Make a link
      </Button>
      {make.data && <NewLink key={make.data.share.id} link={linkOf(make.data.token)} />}
    </form>
  );
}

/** The server keeps no link, so this is the one time that it is seen. */
function NewLink({ link }: { link: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="space-y-1.5">
      <div className="flex gap-2">
        <input aria-label="The link" readOnly value={link} className={inputLook} onFocus={({ currentTarget }) => currentTarget.select()} />
        {/* Browsers let a page copy only where its connection is encrypted. */}
        {window.isSecureContext && <Button onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}>{copied ? "Copied" : "Copy"}</Button>}
      </div>
      <p className="text-xs text-muted">Keep it now: it is shown this once.</p>
    </div>
  );
}
