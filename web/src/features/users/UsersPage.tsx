import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRights } from "../../shared/api/access";
import { librariesQuery } from "../../shared/api/queries";
import { Button } from "../../shared/ui/Button";
import { EmptyState, ErrorNotice } from "../../shared/ui/Notice";
import { panelLook } from "../../shared/ui/Section";
import { useTitle } from "../../shared/useTitle";
import { usersQuery } from "./queries";
import { UserForm } from "./UserForm";
import { UserRow } from "./UserRow";

export function UsersPage() {
  useTitle("Users");
  const { canManageUsers } = useRights();
  return canManageUsers ? <Users /> : <AdminsOnly />;
}

/** For who comes by an address that another person sent. */
export function AdminsOnly() {
  return <EmptyState title="For Admins only">Ask one for what you need.</EmptyState>;
}

function Users() {
  const [adding, setAdding] = useState(false);
  const { data: libraries, error: librariesError } = useQuery(librariesQuery);
  const { data: users, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(usersQuery);
  return (
    <>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold tracking-tight">Users</h1>
        <Button icon="plus" disabled={!libraries} onClick={() => setAdding(true)}>
          Add a user
        </Button>
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {librariesError && <ErrorNotice error={librariesError} />}
      {users && libraries && (
        <ul aria-label="Users" className={`${panelLook} divide-y divide-line py-2!`}>
          {users.map((user) => (
            <UserRow key={user.id} user={user} libraries={libraries} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button className="mt-4" disabled={isFetching} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
      {adding && libraries && <UserForm user={null} libraries={libraries} onClose={() => setAdding(false)} />}
    </>
  );
}
