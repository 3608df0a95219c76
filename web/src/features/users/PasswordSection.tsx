import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, dataOf } from "../../shared/api/http";
import { Button } from "../../shared/ui/Button";
import { Field } from "../../shared/ui/Field";
import { ErrorNotice } from "../../shared/ui/Notice";
import { panelLook, Section } from "../../shared/ui/Section";
import { sessionsQuery } from "./queries";

export function PasswordSection({ name }: { name: string }) {
  const client = useQueryClient();
  const [repeatsDiffer, setRepeatsDiffer] = useState(false);
  const change = useMutation({
    mutationFn: ({ password, newPassword }: { password: string; newPassword: string; form: HTMLFormElement }) =>
      dataOf(api.PUT("/api/v1/session/password", { body: { password, newPassword } })),
    onSuccess: async (_, { form }) => {
      form.reset();
      await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const newPassword = String(fields.get("newPassword"));
    const same = newPassword === fields.get("repeat");
    setRepeatsDiffer(!same);
    change.reset();
    if (same) change.mutate({ password: String(fields.get("password")), newPassword, form });
  }

  return (
    <Section title="Password">
      <form onSubmit={onSubmit} className={`${panelLook} max-w-xl space-y-4`}>
        {/* Programs that keep passwords look for the name beside them. */}
        <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
        <Field label="Present password" name="password" type="password" autoComplete="current-password" required />
        <Field label="New password" name="newPassword" type="password" autoComplete="new-password" hint="At least 10 characters. Your other sessions end." required />
        <Field label="New password again" name="repeat" type="password" autoComplete="new-password" error={repeatsDiffer ? "The two passwords differ." : undefined} required />
        {change.error && <ErrorNotice error={change.error} />}
        {change.isSuccess && (
          <p role="status" className="text-sm">
            The password is changed. You are signed in here only.
          </p>
        )}
        <Button type="submit" disabled={change.isPending}>
          Change the password
        </Button>
      </form>
    </Section>
  );
}
