import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { signedIn } from "../../shared/api/access";
import { api, dataOf } from "../../shared/api/http";
import { addressOf, basePath } from "../../shared/api/place";
import { Button } from "../../shared/ui/Button";
import { Field } from "../../shared/ui/Field";
import { ErrorNotice } from "../../shared/ui/Notice";
import { useTitle } from "../../shared/useTitle";
import { EntryFrame, PlainHttpWarning } from "./EntryFrame";

/** Stands in place of any page until somebody is signed in; the address stays, so that page follows. */
export function SignInPage() {
  useTitle("Sign in");
  const client = useQueryClient();
  const signIn = useMutation({
    mutationFn: (body: { name: string; password: string }) => dataOf(api.POST("/api/v1/session", { body })),
    onSuccess: (session) => signedIn(client, session),
  });

  const { data: ways } = useQuery({ queryKey: ["sign-in"], queryFn: ({ signal }) => dataOf(api.GET("/api/v1/sign-in", { signal })) });

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ name: String(form.get("name")).trim(), password: String(form.get("password")) });
  }

  return (
    <EntryFrame title="Sign in">
      <form onSubmit={onSubmit} className="space-y-4">
        <Field label="Name" name="name" autoComplete="username" autoCapitalize="none" required autoFocus />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        {signIn.error && <ErrorNotice error={signIn.error} />}
        <Button type="submit" look="primary" className="w-full" disabled={signIn.isPending}>
          Sign in
        </Button>
        {ways?.oidc && <ProviderLink label={ways.oidc} />}
        <PlainHttpWarning />
      </form>
    </EntryFrame>
  );
}

/** Leaves the page: the server sends the browser to the provider, and back to where it is now. */
function ProviderLink({ label }: { label: string }) {
  const { pathname, search } = window.location;
  const here = (pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : "/") + search;
  return (
    <a
      href={addressOf(`/api/v1/oidc/start?returnTo=${encodeURIComponent(here)}`)}
      className="flex h-9 items-center justify-center rounded-lg border border-line bg-panel px-3.5 text-sm font-medium transition hover:bg-sunken"
    >
      {label}
    </a>
  );
}
