import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { JobStrip } from "../features/jobs/JobStrip";
import { signedOut, useRights, useSession } from "../shared/api/access";
import { api, dataOf } from "../shared/api/http";
import { Button } from "../shared/ui/Button";
import { Logo } from "../shared/ui/Logo";

/** The libraries' cards and the list of jobs show the jobs themselves. */
const pagesWithJobs = ["/libraries", "/jobs"];

export function Shell() {
  const { pathname } = useLocation();
  const { canManageUsers } = useRights();
  return (
    <>
      <a href={`${window.location.pathname}${window.location.search}#content`} className="sr-only rounded bg-panel p-2 focus:not-sr-only focus:absolute focus:z-50">
        To the content
      </a>
      <header className="sticky top-0 z-20 border-b border-line bg-canvas/90 backdrop-blur">
        <div className="mx-auto flex min-h-14 max-w-[110rem] flex-wrap items-center gap-x-2 px-4 sm:flex-nowrap sm:gap-x-6 sm:px-6">
          <Link to="/collections" aria-label="Vitrine" className="flex rounded-lg">
            <Logo />
          </Link>
          <nav aria-label="Main" className="order-last -mx-2 flex basis-full items-center overflow-x-auto p-1 sm:order-none sm:basis-auto sm:gap-1">
            <NavLink to="/collections">Collections</NavLink>
            <NavLink to="/libraries">Libraries</NavLink>
            <NavLink to="/cache">Cache</NavLink>
            <NavLink to="/jobs">Jobs</NavLink>
            <NavLink to="/failures">Failures</NavLink>
            {canManageUsers && <NavLink to="/users">Users</NavLink>}
            {canManageUsers && <NavLink to="/audit">Audit</NavLink>}
          </nav>
          <Account />
        </div>
      </header>
      <main id="content" className="mx-auto max-w-[110rem] px-4 py-6 sm:px-6">
        {!pagesWithJobs.includes(pathname) && <JobStrip />}
        <Outlet />
      </main>
    </>
  );
}

type View = "/collections" | "/libraries" | "/cache" | "/jobs" | "/failures" | "/users" | "/audit";

function NavLink({ to, children }: { to: View; children: string }) {
  return (
    <Link
      to={to}
      className="rounded-lg px-2 py-1.5 text-sm sm:px-2.5 font-medium text-muted transition hover:bg-sunken hover:text-ink"
      activeProps={{ className: "bg-sunken text-ink!" }}
      activeOptions={{ includeSearch: false }}
    >
      {children}
    </Link>
  );
}

function Account() {
  const client = useQueryClient();
  const session = useSession();
  const signOut = useMutation({
    mutationFn: () => dataOf(api.DELETE("/api/v1/session")),
    onSuccess: () => signedOut(client),
  });
  if (!session) return null;
  return (
    <div className="ml-auto flex min-w-0 items-center gap-2">
      <Link
        to="/account"
        title="My account"
        className="max-w-40 truncate rounded-lg px-2 py-1.5 text-sm text-muted transition hover:bg-sunken hover:text-ink"
        activeProps={{ className: "bg-sunken text-ink!" }}
      >
        {session.name}
      </Link>
      <Button look="quiet" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
        Sign out
      </Button>
    </div>
  );
}
