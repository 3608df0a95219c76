import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, dataOf } from "../../shared/api/http";
import type { Library, User } from "../../shared/api/types";
import { formatDay } from "../../shared/format";
import { Badges } from "../../shared/ui/Badge";
import { Button } from "../../shared/ui/Button";
import { Confirm } from "../../shared/ui/Confirm";
import { usersChanged } from "./queries";
import { UserForm } from "./UserForm";
import { UserSessions } from "./UserSessions";
import { badgesOf, grantsOf } from "./userWords";

export function UserRow({ user, libraries }: { user: User; libraries: Library[] }) {
  const [dialog, setDialog] = useState<"change" | "sessions" | "remove" | null>(null);
  const close = () => setDialog(null);
  return (
    <li aria-label={user.name} className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div className="min-w-0 space-y-1.5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <p className="font-medium break-words">{user.name}</p>
          <Badges of={badgesOf(user, new Date())} />
        </div>
        <p className="text-sm break-words text-muted">
          Sees: {grantsOf(user, libraries)} · since {formatDay(user.createdAt)}
        </p>
      </div>
      <span className="inline-flex gap-2">
        <Button aria-label={`Change ${user.name}`} onClick={() => setDialog("change")}>
          Change
        </Button>
        <Button aria-label={`Sessions of ${user.name}`} onClick={() => setDialog("sessions")}>
          Sessions
        </Button>
        <Button look="quiet" aria-label={`Remove ${user.name}`} onClick={() => setDialog("remove")}>
          Remove
        </Button>
      </span>
      {dialog === "change" && <UserForm user={user} libraries={libraries} onClose={close} />}
      {dialog === "sessions" && <UserSessions user={user} onClose={close} />}
      {dialog === "remove" && <Remove user={user} onClose={close} />}
    </li>
  );
}

function Remove({ user, onClose }: { user: User; onClose: () => void }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => dataOf(api.DELETE("/api/v1/users/{id}", { params: { path: { id: user.id } } })),
    onSuccess: async () => {
      onClose();
      await usersChanged(client);
    },
  });
  return (
    <Confirm title={`Remove ${user.name}`} action="Remove" pending={remove.isPending} error={remove.error} onConfirm={() => remove.mutate()} onClose={onClose}>
      <p>The sessions end at once, and the API keys work no longer. What was done stays in the audit.</p>
      <p className="text-muted">To keep the account for later, change it and disable it instead.</p>
    </Confirm>
  );
}
