import { Link } from "@tanstack/react-router";
import { useTitle } from "../../shared/useTitle";
import { EntryFrame } from "./EntryFrame";

const words: Record<string, string> = {
  refused: "The provider knows you, but you have no role here. Whoever runs this server can give you one.",
  unavailable: "The provider cannot be reached now. The server's log says why.",
};

/** Where the server sends the browser when signing in by the provider did not end in a session. */
export function NotSignedInPage({ end }: { end: string }) {
  useTitle("Not signed in");
  return (
    <EntryFrame title="Not signed in">
      <p role="alert" className="text-sm">
        {words[end] ?? "Signing in by the provider did not work. It may have taken too long: try once more."}
      </p>
      <Link to="/" className="text-sm text-accent underline underline-offset-2">
        Go to the sign-in
      </Link>
    </EntryFrame>
  );
}
