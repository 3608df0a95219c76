import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { api, dataOf } from "../../shared/api/http";
import type { Library, Role, User } from "../../shared/api/types";
import { Button } from "../../shared/ui/Button";
import { Field, selectLook, Tick } from "../../shared/ui/Field";
import { Modal } from "../../shared/ui/Modal";
import { ErrorNotice } from "../../shared/ui/Notice";
import { usersChanged } from "./queries";
import { changeOf, enteredOf } from "./userForm";
import { roles } from "./userWords";

interface UserFormProps {
  /** Null for a new one. */
  user: User | null;
  libraries: Library[];
  onClose: () => void;
}

export function UserForm({ user, libraries, onClose }: UserFormProps) {
  const client = useQueryClient();
  const [role, setRole] = useState<Role>(user?.role ?? "Viewer");
  const save = useMutation({
    mutationFn: async (form: FormData) => {
      const entered = enteredOf(form);
      if (user) return void (await dataOf(api.PATCH("/api/v1/users/{id}", { params: { path: { id: user.id } }, body: changeOf(user, entered) })));
      const { disabled: _, ...wanted } = entered;
      await dataOf(api.POST("/api/v1/users", { body: { name: String(form.get("name")).trim(), ...wanted } }));
    },
    onSuccess: async () => {
      onClose();
      await usersChanged(client);
    },
  });

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    save.mutate(new FormData(event.currentTarget));
  }

  return (
    <Modal title={user ? `Change ${user.name}` : "Add a user"} onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        {!user && <Field label="Name" name="name" maxLength={100} autoComplete="off" autoCapitalize="none" spellCheck={false} required autoFocus />}
        <Field
          label={user ? "New password" : "Password"}
          name="password"
          type="password"
          autoComplete="new-password"
          hint={user ? "Empty: it stays. A new one ends the sessions." : "At least 10 characters. They can change it under their name."}
          required={!user}
        />
        <RoleChoice role={role} onChange={setRole} />
        {role !== "Admin" && <Grants user={user} libraries={libraries} />}
        {user && (
          <Tick name="disabled" defaultChecked={user.disabled}>
            Disabled: cannot sign in, and no API key works
          </Tick>
        )}
        {save.error && <ErrorNotice error={save.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={save.isPending}>
            {user ? "Save" : "Add"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function RoleChoice({ role, onChange }: { role: Role; onChange: (role: Role) => void }) {
  const id = useId();
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block text-sm font-medium">
        Role
      </label>
      <select id={id} name="role" value={role} aria-describedby={`${id}-hint`} onChange={(event) => onChange(event.target.value as Role)} className={`${selectLook} w-full`}>
        {roles.map((one) => (
          <option key={one.role} value={one.role}>
            {one.name}
          </option>
        ))}
      </select>
      <p id={`${id}-hint`} className="text-xs text-muted">
        {roles.find((one) => one.role === role)?.may}
      </p>
    </div>
  );
}

function Grants({ user, libraries }: { user: User | null; libraries: Library[] }) {
  return (
    <>
      <fieldset className="space-y-1.5">
        <legend className="text-sm font-medium">Libraries</legend>
        {libraries.map((library) => (
          <Tick key={library.id} name="library" value={library.id} defaultChecked={user?.libraryIds.includes(library.id) ?? false}>
            {library.name}
          </Tick>
        ))}
        {libraries.length === 0 && <p className="text-sm text-muted">There is none yet to grant.</p>}
      </fieldset>
      <Tick name="mayDownload" defaultChecked={user?.mayDownload ?? false}>
        May download originals
      </Tick>
    </>
  );
}
