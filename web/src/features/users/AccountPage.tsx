import { useSession } from "../../shared/api/access";
import { useTitle } from "../../shared/useTitle";
import { KeysSection } from "./KeysSection";
import { PasswordSection } from "./PasswordSection";
import { SessionsSection } from "./SessionsSection";
import { roleName, scopeWords } from "./userWords";

/** What is one's own: who one is, the password, where one is signed in, and keys for programs. */
export function AccountPage() {
  useTitle("My account");
  const session = useSession();
  if (!session) return null;
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">My account</h1>
      <p className="mt-1 mb-6 text-sm text-muted">
        Signed in as <span className="font-medium text-ink">{session.name}</span>, {roleName(session.role)}. You may:{" "}
        {session.scopes.map((scope) => scopeWords[scope].toLowerCase()).join(", ")}.
      </p>
      <div className="space-y-10">
        <PasswordSection name={session.name} />
        <SessionsSection />
        <KeysSection scopes={session.scopes} />
      </div>
    </>
  );
}
