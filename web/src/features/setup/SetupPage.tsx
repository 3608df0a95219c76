import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { signedIn } from "../../shared/api/access";
import { api, dataOf } from "../../shared/api/http";
import { Button } from "../../shared/ui/Button";
import { Field } from "../../shared/ui/Field";
import { ErrorNotice } from "../../shared/ui/Notice";
import { useTitle } from "../../shared/useTitle";
import { EntryFrame, PlainHttpWarning } from "./EntryFrame";
import { SetupNeededPage } from "./SetupNeededPage";

/** Opened with the link's token in the fragment, which reaches no log. */
export function SetupPage() {
  useTitle("Set-up");
  const { data, error } = useQuery({ queryKey: ["set-up"], queryFn: ({ signal }) => dataOf(api.GET("/api/v1/set-up", { signal })) });
  const [token] = useState(() => window.location.hash.slice(1));
  if (error) return <EntryFrame title="Set-up">{<ErrorNotice error={error} />}</EntryFrame>;
  if (!data) return null;
  if (!data.needed) return <AlreadySetUp />;
  return token ? <FirstAdminForm token={token} /> : <SetupNeededPage />;
}

function AlreadySetUp() {
  return (
    <EntryFrame title="Already set up">
      <p className="text-sm text-muted">This server has an Admin.</p>
      <Link to="/" className="text-sm text-accent underline underline-offset-2">
        Go to the sign-in
      </Link>
    </EntryFrame>
  );
}

function FirstAdminForm({ token }: { token: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [repeatsDiffer, setRepeatsDiffer] = useState(false);
  const setUp = useMutation({
    mutationFn: (body: { token: string; name: string; password: string }) => dataOf(api.POST("/api/v1/set-up", { body })),
    onSuccess: async (session) => {
      signedIn(client, session);
      await navigate({ to: "/libraries", replace: true });
    },
  });

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const password = String(form.get("password"));
    const same = password === form.get("repeat");
    setRepeatsDiffer(!same);
    if (same) setUp.mutate({ token, name: String(form.get("name")).trim(), password });
  }

  return (
    <EntryFrame title="Welcome">
      <p className="text-sm text-muted">Make the first account. It may do everything: add libraries, control jobs, add people.</p>
      <form onSubmit={onSubmit} className="space-y-4">
        <Field label="Name" name="name" autoComplete="username" autoCapitalize="none" required autoFocus />
        <Field label="Password" name="password" type="password" autoComplete="new-password" required />
        <Field label="Password again" name="repeat" type="password" autoComplete="new-password" required />
        {repeatsDiffer && (
          <p role="alert" className="text-sm text-danger">
            The two passwords differ.
          </p>
        )}
        {setUp.error && <ErrorNotice error={setUp.error} />}
        <Button type="submit" look="primary" className="w-full" disabled={setUp.isPending}>
          Make the account
        </Button>
        <PlainHttpWarning />
      </form>
    </EntryFrame>
  );
}
