import type { AuditEntry, Library, Role, Scope, User } from "../../shared/api/types";
import { formatTime } from "../../shared/format";
import type { Badge } from "../../shared/ui/Badge";

export const roles: readonly { role: Role; name: string; may: string }[] = [
  { role: "Viewer", name: "Viewer", may: "Sees the libraries that are granted." },
  { role: "CacheManager", name: "Cache manager", may: "Sees the libraries that are granted, controls their jobs and the cache." },
  { role: "Admin", name: "Admin", may: "Sees all libraries, and may do everything." },
];

export function roleName(role: Role): string {
  return roles.find((one) => one.role === role)?.name ?? role;
}

export const scopeWords: Record<Scope, string> = {
  view: "See libraries and pictures",
  download: "Download originals",
  jobs: "Control jobs and the cache",
  admin: "Administer: users, libraries, audit",
};

/** What is to be known of a user at one look, the worst first. A lock ends by itself, so one of the past is none. */
export function badgesOf(user: User, now: Date): Badge[] {
  const badges: Badge[] = [];
  if (user.disabled) badges.push({ text: "Disabled", look: "danger" });
  if (user.lockedUntil !== null && new Date(user.lockedUntil) > now) badges.push({ text: `Locked until ${formatTime(user.lockedUntil)}`, look: "warning" });
  badges.push({ text: roleName(user.role), look: "plain" });
  if (user.mayDownload || user.role === "Admin") badges.push({ text: "Downloads originals", look: "plain" });
  return badges;
}

/** The libraries that a user sees, in words. A library that is not listed was removed since. */
export function grantsOf(user: User, libraries: readonly Pick<Library, "id" | "name">[]): string {
  if (user.role === "Admin") return "All libraries";
  const names = libraries.filter((library) => user.libraryIds.includes(library.id)).map((library) => library.name);
  return names.length === 0 ? "No library" : names.join(", ");
}

/** "removeLibrary" is "Remove library". */
export function actWords({ what }: Pick<AuditEntry, "what">): string {
  const words = what.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
