import type { User, UserChange } from "../../shared/api/types";

/** What stands in the fields of the form. */
export interface EnteredUser {
  role: User["role"];
  /** Empty: as it is. */
  password: string;
  mayDownload: boolean;
  disabled: boolean;
  libraryIds: string[];
}

/**
 * The change that leads from the user as known to what was entered; only what differs is sent, so that what somebody else changed meanwhile stays.
 * An Admin may download and sees all, so both fields are hidden for one, and say nothing.
 */
export function changeOf(user: User, entered: EnteredUser): UserChange {
  const change: UserChange = {};
  if (entered.role !== user.role) change.role = entered.role;
  if (entered.password !== "") change.password = entered.password;
  if (entered.disabled !== user.disabled) change.disabled = entered.disabled;
  if (entered.role === "Admin") return change;
  if (entered.mayDownload !== user.mayDownload) change.mayDownload = entered.mayDownload;
  const grant = entered.libraryIds.filter((id) => !user.libraryIds.includes(id));
  const revoke = user.libraryIds.filter((id) => !entered.libraryIds.includes(id));
  if (grant.length > 0) change.grant = grant;
  if (revoke.length > 0) change.revoke = revoke;
  return change;
}

export function enteredOf(form: FormData): EnteredUser {
  return {
    role: form.get("role") as EnteredUser["role"],
    password: String(form.get("password") ?? ""),
    mayDownload: form.has("mayDownload"),
    disabled: form.has("disabled"),
    libraryIds: form.getAll("library").map(String),
  };
}
