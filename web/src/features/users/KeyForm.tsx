import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, dataOf } from "../../shared/api/http";
import type { NewApiKey, NewApiKeyRequest, Scope } from "../../shared/api/types";
import { formatDay } from "../../shared/format";
import { Button } from "../../shared/ui/Button";
import { Field, inputLook, Tick } from "../../shared/ui/Field";
import { Modal } from "../../shared/ui/Modal";
import { ErrorNotice } from "../../shared/ui/Notice";
import { keysQuery } from "./queries";
import { scopeWords } from "./userWords";

/** Makes a key, then shows it: the server keeps none, so this is the one time that it is seen. */
export function KeyForm({ scopes, onClose }: { scopes: readonly Scope[]; onClose: () => void }) {
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: (body: NewApiKeyRequest) => dataOf(api.POST("/api/v1/keys", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });
  return (
    <Modal title="Make a key" onClose={onClose}>
      {make.data ? <Made made={make.data} onClose={onClose} /> : <Form scopes={scopes} isPending={make.isPending} error={make.error} onMake={make.mutate} onClose={onClose} />}
    </Modal>
  );
}

interface FormProps {
  scopes: readonly Scope[];
  isPending: boolean;
  error: unknown;
  onMake: (wanted: NewApiKeyRequest) => void;
  onClose: () => void;
}

function Form({ scopes, isPending, error, onMake, onClose }: FormProps) {
  const [hasNoScope, setHasNoScope] = useState(false);

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const chosen = form.getAll("scope") as Scope[];
    setHasNoScope(chosen.length === 0);
    if (chosen.length > 0) onMake({ name: String(form.get("name")).trim(), scopes: chosen, days: Number(form.get("days")) });
  }

  return (
    <form onSubmit={onSubmit} className="space-y-4">
      <Field label="Name" name="name" maxLength={100} hint="What it is for, like the program that uses it." autoComplete="off" required autoFocus />
      <fieldset className="space-y-1.5" aria-describedby={hasNoScope ? "key-scopes-error" : undefined}>
        <legend className="text-sm font-medium">It may</legend>
        {scopes.map((scope) => (
          <Tick key={scope} name="scope" value={scope} defaultChecked={scope === "view"}>
            {scopeWords[scope]}
          </Tick>
        ))}
        {hasNoScope && (
          <p id="key-scopes-error" role="alert" className="text-sm text-danger">
            Tick at least one.
          </p>
        )}
      </fieldset>
      <Field label="It works for, in days" name="days" type="number" min={1} max={3650} defaultValue={90} required />
      {error !== null && <ErrorNotice error={error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" disabled={isPending}>
          Make
        </Button>
      </div>
    </form>
  );
}

function Made({ made: { key, token }, onClose }: { made: NewApiKey; onClose: () => void }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <div className="space-y-4 text-sm">
      <p role="status">
        {key.name} works until {formatDay(key.expiresAt)}. Keep the key now: it is shown this once.
      </p>
      <div className="flex gap-2">
        <input aria-label="The key" readOnly value={token} autoFocus className={`${inputLook} font-mono`} onFocus={({ currentTarget }) => currentTarget.select()} />
        {/* Browsers let a page copy only where its connection is encrypted, or on the own machine. */}
        {window.isSecureContext && <Button onClick={() => void navigator.clipboard.writeText(token).then(() => setCopied(true))}>{isCopied ? "Copied" : "Copy"}</Button>}
      </div>
      <p className="text-muted">
        Programs send it with each request: <code className="rounded bg-sunken px-1 py-0.5 text-ink">Authorization: Bearer …</code>
      </p>
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}
