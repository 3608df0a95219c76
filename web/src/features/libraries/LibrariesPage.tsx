import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useRights } from "../../shared/api/access";
import { librariesQuery } from "../../shared/api/queries";
import { Button } from "../../shared/ui/Button";
import { EmptyState, ErrorNotice } from "../../shared/ui/Notice";
import { useTitle } from "../../shared/useTitle";
import { AddLibrary } from "./AddLibrary";
import { Formats } from "./Formats";
import { LibraryCard } from "./LibraryCard";

/** `jobsOf` shows a library's jobs: another feature, joined to this one by the app. */
export function LibrariesPage({ jobsOf }: { jobsOf: (libraryId: string) => ReactNode }) {
  useTitle("Libraries");
  const [adding, setAdding] = useState(false);
  const { canAddLibraries } = useRights();
  const { data: libraries, error, refetch } = useQuery(librariesQuery);
  const add = canAddLibraries && (
    <Button look="primary" icon="plus" onClick={() => setAdding(true)}>
      Add a library
    </Button>
  );
  return (
    <>
      <div className="mb-6 flex items-center justify-between gap-4">
        <h1 className="text-2xl font-semibold tracking-tight">Libraries</h1>
        {libraries && libraries.length > 0 && add}
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {libraries?.length === 0 && (
        <EmptyState title="No library yet">
          <p>A library is a folder on the server with pictures in it, in folders and in archives. Vitrine only reads it.</p>
          {add}
        </EmptyState>
      )}
      <ul className="grid items-start gap-4 lg:grid-cols-2">
        {libraries?.map((library) => (
          <li key={library.id}>
            <LibraryCard library={library}>{jobsOf(library.id)}</LibraryCard>
          </li>
        ))}
      </ul>
      <Formats />
      {adding && <AddLibrary onClose={() => setAdding(false)} />}
    </>
  );
}
