import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, dataOf } from "../../shared/api/http";
import type { ApiKey, Scope } from "../../shared/api/types";
import { formatDay, formatTime } from "../../shared/format";
import { Badges } from "../../shared/ui/Badge";
import { Button } from "../../shared/ui/Button";
import { Confirm } from "../../shared/ui/Confirm";
import { ErrorNotice } from "../../shared/ui/Notice";
import { panelLook, Section } from "../../shared/ui/Section";
import { KeyForm } from "./KeyForm";
import { keysQuery } from "./queries";
import { scopeWords } from "./userWords";

/** Keys let programs act as the user who made them, within the scopes that they are made for. */
export function KeysSection({ scopes }: { scopes: readonly Scope[] }) {
  const [isMaking, setMaking] = useState(false);
  const { data: keys, error, refetch } = useQuery(keysQuery);
  const make = (
    <Button icon="plus" onClick={() => setMaking(true)}>
      Make a key
    </Button>
  );
  return (
    <Section title="API keys" side={make}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {keys?.length === 0 && <p className="text-sm text-muted">None. A key lets a program act as you, within the scopes that you choose.</p>}
      {keys && keys.length > 0 && (
        <ul aria-label="API keys" className={`${panelLook} divide-y divide-line py-2!`}>
          {keys.map((key) => (
            <KeyRow key={key.id} apiKey={key} />
          ))}
        </ul>
      )}
      {isMaking && <KeyForm scopes={scopes} onClose={() => setMaking(false)} />}
    </Section>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const [isRevoking, setRevoking] = useState(false);
  const hasExpired = new Date(apiKey.expiresAt) <= new Date();
  return (
    <li aria-label={apiKey.name} className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div className="min-w-0 space-y-1.5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <p className="font-medium break-words">{apiKey.name}</p>
          {hasExpired && <Badges of={[{ text: "Expired", look: "warning" }]} />}
        </div>
        <p className="text-sm text-muted">{apiKey.scopes.map((scope) => scopeWords[scope]).join(" · ")}</p>
        <p className="text-sm text-muted">
          Made {formatDay(apiKey.createdAt)} · {hasExpired ? "expired" : "works until"} {formatDay(apiKey.expiresAt)} ·{" "}
          {apiKey.usedAt === null ? "never used" : `used ${formatTime(apiKey.usedAt)}`}
        </p>
      </div>
      <Button aria-label={`Revoke ${apiKey.name}`} onClick={() => setRevoking(true)}>
        Revoke
      </Button>
      {isRevoking && <Revoke apiKey={apiKey} onClose={() => setRevoking(false)} />}
    </li>
  );
}

function Revoke({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => dataOf(api.DELETE("/api/v1/keys/{id}", { params: { path: { id: apiKey.id } } })),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
  });
  return (
    <Confirm title={`Revoke ${apiKey.name}`} action="Revoke" pending={revoke.isPending} error={revoke.error} onConfirm={() => revoke.mutate()} onClose={onClose}>
      <p>Programs that use this key are refused at once. It cannot be taken back; another key can be made.</p>
    </Confirm>
  );
}
