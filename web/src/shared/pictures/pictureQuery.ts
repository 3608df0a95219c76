import { queryOptions } from "@tanstack/react-query";
import { isWorthRetrying, send } from "../api/http";
import { addressOf } from "../api/place";
import { problemOf } from "../api/problem";
import { createLane } from "./lane";

/** The server is still making the picture (202), or others for us before it (429); it says when to ask again. */
export class NotReadyError extends Error {
  constructor(readonly retryAfterSeconds: number) {
    super("This picture is still being made.");
    this.name = "NotReadyError";
  }
}

export const pictureKey = "picture";
const attemptsWhileMade = 60;
const makingLane = createLane(3);

/**
 * One picture as a blob. An `<img>` cannot tell a 202 or a problem's reason from a broken file, and goes on loading
 * after it left the page; `fetch` sees the status, and the query cache ends the request when nothing shows it any more.
 */
export function pictureQuery(url: string) {
  return queryOptions({
    queryKey: [pictureKey, url],
    queryFn: ({ signal }) => (isMade(url) ? load(url, signal) : makingLane(signal, () => load(url, signal))),
    staleTime: Infinity,
    gcTime: 60_000,
    structuralSharing: false,
    retry: (failures, error) => (error instanceof NotReadyError ? failures < attemptsWhileMade : failures < 2 && isWorthRetrying(error)),
    retryDelay: (failures, error) => 1000 * (error instanceof NotReadyError ? error.retryAfterSeconds : 2 ** failures),
  });
}

/** A picture that is in the cache folders has its hash in its URL. */
function isMade(url: string): boolean {
  return url.includes("v=");
}

async function load(url: string, signal: AbortSignal): Promise<Blob> {
  const response = await send(new Request(new URL(addressOf(url), globalThis.location.origin), { signal }));
  if (response.status === 202 || response.status === 429) throw new NotReadyError(retryAfter(response));
  if (!response.ok) throw await problemOf(response);
  return response.blob();
}

/** Seconds, within bounds: a missing or odd header must neither hammer the server nor stop the picture. */
function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get("Retry-After") ?? 1);
  return Number.isFinite(seconds) ? Math.min(30, Math.max(1, seconds)) : 1;
}
