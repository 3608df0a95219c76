import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../../shared/api/http";
import type { User } from "../../shared/api/types";
import { formatTime } from "../../shared/format";
import { Button } from "../../shared/ui/Button";
import { Modal } from "../../shared/ui/Modal";
import { ErrorNotice } from "../../shared/ui/Notice";
import { userSessionsQuery } from "./queries";

/** Where a user is signed in, and the end of all of it: what an Admin does when a device is lost. */
export function UserSessions({ user, onClose }: { user: User; onClose: () => void }) {
  const client = useQueryClient();
  const query = userSessionsQuery(user.id);
  const { data: sessions, error, refetch } = useQuery(query);
  const end = useMutation({
    mutationFn: () => dataOf(api.DELETE("/api/v1/users/{id}/sessions", { params: { path: { id: user.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: query.queryKey }),
  });
  return (
    <Modal title={`Sessions of ${user.name}`} onClose={onClose}>
      <div className="space-y-4 text-sm">
        {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {sessions?.length === 0 && <p role="status">Signed in nowhere.</p>}
        <ul className="divide-y divide-line">
          {sessions?.map((session) => (
            <li key={session.id} className="py-2">
              <p className="break-words">{session.agent === "" ? "A program without a name" : session.agent}</p>
              <p className="text-muted">
                Used {formatTime(session.seenAt)} · signed in {formatTime(session.createdAt)}
              </p>
            </li>
          ))}
        </ul>
        {end.error && <ErrorNotice error={end.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" disabled={end.isPending || !sessions?.length} onClick={() => end.mutate()}>
            End all
          </Button>
        </div>
      </div>
    </Modal>
  );
}
