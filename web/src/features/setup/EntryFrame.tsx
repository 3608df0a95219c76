import type { ReactNode } from "react";
import { Logo } from "../../shared/ui/Logo";

/** The frame of the pages that stand before the rest: set-up and sign-in. */
export function EntryFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="w-full max-w-sm space-y-6 rounded-2xl border border-line bg-panel p-8 shadow-sm">
        <Logo />
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {children}
      </div>
    </main>
  );
}

/** Beyond the own machine, passwords over plain HTTP can be read on the way. */
export function PlainHttpWarning() {
  const { protocol, hostname } = window.location;
  const isOwnMachine = hostname === "localhost" || hostname.startsWith("127.") || hostname === "[::1]";
  if (protocol === "https:" || isOwnMachine) return null;
  return <p className="text-xs text-warning">This connection is not encrypted: others on the network could read the password. Put Vitrine behind HTTPS.</p>;
}
