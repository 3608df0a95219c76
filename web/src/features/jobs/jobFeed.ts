import type { QueryClient } from "@tanstack/react-query";
import { addressOf } from "../../shared/api/place";
import { parseJobs, setLive, takeJobs } from "./jobCache";

const reopenSeconds = 15;
/** The server says something each ten seconds; after so long without a word the connection is dead, whatever the browser thinks of it. */
const silenceSeconds = 25;

export type OpenStream = (url: string) => EventSource;

/**
 * Follows the stream of changed jobs into the query cache, and says there whether it lives: as long as it does not, the
 * jobs are polled. A broken connection the browser opens again by itself; one that was refused (a proxy's error page) it
 * gives up, and one that fell silent it does not notice, so those are tried again here. Returns what ends it.
 */
export function startJobFeed(client: QueryClient, open: OpenStream = (url) => new EventSource(url)): () => void {
  let source: EventSource;
  let next: ReturnType<typeof setTimeout> | undefined;

  function connect() {
    source = open(addressOf("/api/v1/cache/processing-jobs/stream"));
    reconnectIn(silenceSeconds);
    source.addEventListener("jobs", (event) => {
      hear();
      takeJobs(client, parseJobs((event as MessageEvent<string>).data));
    });
    source.addEventListener("heartbeat", hear);
    source.addEventListener("error", () => {
      setLive(client, false);
      if (source.readyState === EventSource.CLOSED) reconnectIn(reopenSeconds);
    });
  }

  function hear() {
    setLive(client, true);
    reconnectIn(silenceSeconds);
  }

  function reconnectIn(seconds: number) {
    clearTimeout(next);
    next = setTimeout(() => {
      setLive(client, false);
      source.close();
      connect();
    }, seconds * 1000);
  }

  connect();
  return () => {
    clearTimeout(next);
    source.close();
    setLive(client, false);
  };
}
