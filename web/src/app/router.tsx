import { createRootRoute, createRoute, createRouter, Link, redirect, useCanGoBack, useNavigate, useRouter, type RouterHistory } from "@tanstack/react-router";
import { CachePage } from "../features/cache/CachePage";
import { CollectionPage } from "../features/collections/CollectionPage";
import { CollectionsPage } from "../features/collections/CollectionsPage";
import { parseCollectionSearch } from "../features/collections/search";
import { FailuresPage } from "../features/failures/FailuresPage";
import { JobsPage } from "../features/jobs/JobsPage";
import { LibraryJobs } from "../features/jobs/LibraryJobs";
import { LibrariesPage } from "../features/libraries/LibrariesPage";
import { NotSignedInPage } from "../features/setup/NotSignedInPage";
import { SetupPage } from "../features/setup/SetupPage";
import { ShareButton } from "../features/shares/ShareButton";
import { SharedPage } from "../features/shares/SharedPage";
import { AccountPage } from "../features/users/AccountPage";
import { AuditPage } from "../features/users/AuditPage";
import { UsersPage } from "../features/users/UsersPage";
import { ViewerPage } from "../features/viewer/ViewerPage";
import { addressOf } from "../shared/api/place";
import { ErrorNotice, EmptyState } from "../shared/ui/Notice";
import { Gate } from "./Gate";
import { Shell } from "./Shell";

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: ({ error }) => <ErrorNotice error={error} /> });
const setup = createRoute({ getParentRoute: () => root, path: "/setup", component: SetupPage });
const notSignedIn = createRoute({ getParentRoute: () => root, path: "/sign-in", component: NotSignedIn });
const shared = createRoute({ getParentRoute: () => root, path: "/shared", component: SharedPage });
const gate = createRoute({ getParentRoute: () => root, id: "gate", component: Gate });
const shell = createRoute({ getParentRoute: () => gate, id: "shell", component: Shell });

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/collections", replace: true });
  },
});
const libraries = createRoute({
  getParentRoute: () => shell,
  path: "/libraries",
  component: () => <LibrariesPage jobsOf={(libraryId) => <LibraryJobs libraryId={libraryId} />} />,
});
const cache = createRoute({ getParentRoute: () => shell, path: "/cache", component: CachePage });
const jobs = createRoute({ getParentRoute: () => shell, path: "/jobs", component: JobsPage });
const failures = createRoute({ getParentRoute: () => shell, path: "/failures", component: FailuresPage });
const users = createRoute({ getParentRoute: () => shell, path: "/users", component: UsersPage });
const audit = createRoute({ getParentRoute: () => shell, path: "/audit", component: AuditPage });
const account = createRoute({ getParentRoute: () => shell, path: "/account", component: AccountPage });
const collections = createRoute({ getParentRoute: () => shell, path: "/collections", validateSearch: parseCollectionSearch, component: Collections });
const collection = createRoute({ getParentRoute: () => shell, path: "/collections/$collectionId", component: OneCollection });
const viewer = createRoute({ getParentRoute: () => gate, path: "/images/$imageId", component: Viewer });

const views = [home, libraries, cache, jobs, failures, users, audit, account, collections, collection] as const;
const routes = root.addChildren([setup, notSignedIn, shared, gate.addChildren([viewer, shell.addChildren(views)])]);

/** A history of its own is for tests; the page uses the browser's. */
export function createAppRouter(history?: RouterHistory) {
  return createRouter({ routeTree: routes, basepath: addressOf("/"), scrollRestoration: true, ...(history && { history }) });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}

function Collections() {
  const search = collections.useSearch();
  const navigate = useNavigate({ from: "/collections" });
  return <CollectionsPage search={search} onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })} />;
}

function OneCollection() {
  const { collectionId } = collection.useParams();
  return <CollectionPage key={collectionId} collectionId={collectionId} actions={<ShareButton collectionId={collectionId} />} />;
}

function NotSignedIn() {
  const { end } = notSignedIn.useSearch() as { end?: unknown };
  return <NotSignedInPage end={String(end)} />;
}

function Viewer() {
  const { imageId } = viewer.useParams();
  const { history } = useRouter();
  const canGoBack = useCanGoBack();
  const navigate = useNavigate();

  /** Paging through images leaves no trail in the history, so that Back always leads to the grid. */
  const onImage = (id: string) => void navigate({ to: "/images/$imageId", params: { imageId: id }, replace: true });

  function onClose(collectionId: string | undefined) {
    if (document.fullscreenElement) void document.exitFullscreen();
    if (canGoBack) history.back();
    else if (collectionId) void navigate({ to: "/collections/$collectionId", params: { collectionId }, replace: true });
    else void navigate({ to: "/collections", replace: true });
  }

  return <ViewerPage imageId={imageId} onImage={onImage} onClose={onClose} />;
}

function NotFound() {
  return (
    <EmptyState title="There is no such page">
      <Link to="/collections" className="text-accent underline underline-offset-2">
        Go to the collections
      </Link>
    </EmptyState>
  );
}
