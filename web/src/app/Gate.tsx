import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useJobFeed } from "../features/jobs/useJobs";
import { SetupNeededPage } from "../features/setup/SetupNeededPage";
import { SignInPage } from "../features/setup/SignInPage";
import { accessQuery } from "../shared/api/access";
import { ErrorNotice } from "../shared/ui/Notice";

/** Lets those in who are signed in. The address stays, so that after signing in the wanted page follows. */
export function Gate() {
  const { data: access, error, refetch } = useQuery(accessQuery);
  if (error) {
    return (
      <main className="mx-auto max-w-lg p-8">
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </main>
    );
  }
  if (!access) return null;
  if (access.kind === "set-up-needed") return <SetupNeededPage />;
  if (access.kind === "signed-out") return <SignInPage />;
  return <SignedIn />;
}

function SignedIn() {
  useJobFeed();
  return <Outlet />;
}
