import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../../shared/api/http";
import type { OpenSession } from "../../shared/api/types";
import { formatTime } from "../../shared/format";
import { Badges } from "../../shared/ui/Badge";
import { Button } from "../../shared/ui/Button";
import { ErrorNotice } from "../../shared/ui/Notice";
import { panelLook, Section } from "../../shared/ui/Section";
import { sessionsQuery } from "./queries";

export function SessionsSection() {
  const { data: sessions, error, refetch } = useQuery(sessionsQuery);
  const endOne = useSessionEnd((id: string) => dataOf(api.DELETE("/api/v1/sessions/{id}", { params: { path: { id } } })));
  const endOthers = useSessionEnd(() => dataOf(api.DELETE("/api/v1/sessions")));
  const isPending = endOne.isPending || endOthers.isPending;
  const refused = endOne.error ?? endOthers.error;
  const others = sessions?.some((session) => !session.current) && (
    <Button disabled={isPending} onClick={() => endOthers.mutate("")}>
      Sign out everywhere else
    </Button>
  );
  return (
    <Section title="Sessions" side={others}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {refused && <ErrorNotice error={refused} />}
      <ul className={`${panelLook} divide-y divide-line py-2!`}>
        {sessions?.map((session) => (
          <SessionRow key={session.id} session={session} disabled={isPending} onEnd={() => endOne.mutate(session.id)} />
        ))}
      </ul>
    </Section>
  );
}

/** The own one ends with "Sign out", which stands above on every page. */
function SessionRow({ session, disabled, onEnd }: { session: OpenSession; disabled: boolean; onEnd: () => void }) {
  const agent = session.agent === "" ? "A program without a name" : session.agent;
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div className="min-w-0">
        <p className="text-sm break-words">{agent}</p>
        <p className="text-sm text-muted">
          Used {formatTime(session.seenAt)} · signed in {formatTime(session.createdAt)}
        </p>
      </div>
      {session.current ? (
        <Badges of={[{ text: "This one", look: "plain" }]} />
      ) : (
        <Button aria-label={`Revoke the session of ${formatTime(session.createdAt)}`} disabled={disabled} onClick={onEnd}>
          Revoke
        </Button>
      )}
    </li>
  );
}

function useSessionEnd(mutationFn: (id: string) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }) });
}
