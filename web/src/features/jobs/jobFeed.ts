import type { QueryClient } from "@tanstack/react-query";
import { parseJobs, setLive, takeJobs } from "./jobCache";

const reopenSeconds = 15;

export type OpenStream = (url: string) => EventSource;

/**
 * Follows the stream of changed jobs into the query cache, and says there whether it lives: as long as it does not, the
 * jobs are polled. A broken connection the browser opens again by itself; one that was refused (a proxy's error page) it
 * gives up, so that is tried again here. Returns what ends it.
 */
export function startJobFeed(client: QueryClient, open: OpenStream = (url) => new EventSource(url)): () => void {
  let source: EventSource;
  let reopening: ReturnType<typeof setTimeout> | undefined;

  function connect() {
    source = open("/api/v1/cache/processing-jobs/stream");
    source.addEventListener("jobs", (event) => {
      setLive(client, true);
      takeJobs(client, parseJobs((event as MessageEvent<string>).data));
    });
    source.addEventListener("error", () => {
      setLive(client, false);
      if (source.readyState === EventSource.CLOSED) reopening = setTimeout(connect, reopenSeconds * 1000);
    });
  }

  connect();
  return () => {
    clearTimeout(reopening);
    source.close();
    setLive(client, false);
  };
}
