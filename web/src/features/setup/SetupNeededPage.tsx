import { useTitle } from "../../shared/useTitle";
import { Button } from "../../shared/ui/Button";
import { EntryFrame } from "./EntryFrame";

export function SetupNeededPage() {
  useTitle("Set-up");
  return (
    <EntryFrame title="Not set up yet">
      <div className="space-y-4 text-sm text-muted">
        <p>
          Open the link that <code className="rounded bg-sunken px-1 py-0.5 text-ink">vitrine serve</code> printed when it started. It ends in{" "}
          <code className="rounded bg-sunken px-1 py-0.5 text-ink">/setup#…</code>, works once, and for one hour.
        </p>
        <p>
          The part after the # also stands in the file <code className="rounded bg-sunken px-1 py-0.5 text-ink">setup-token</code> of the data folder. A restart of the
          server makes a new one.
        </p>
        <Button className="w-full" onClick={() => window.location.reload()}>
          Look again
        </Button>
      </div>
    </EntryFrame>
  );
}
