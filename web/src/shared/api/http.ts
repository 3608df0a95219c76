import createClient from "openapi-fetch";
import type { paths } from "../../api/schema";
import { addressOf } from "./place";
import { ProblemError, problemFrom, problemOf } from "./problem";

/** Why the server refuses everything: nobody is signed in, or no Admin exists yet. */
export type Refusal = "signed-out" | "set-up-needed";

const refusalListeners = new Set<(refusal: Refusal) => void>();

/** Tells the listener of every 401 that ends the session and every 503 `set-up-needed`, whichever request met it. Returns what ends it. */
export function onRefusal(listener: (refusal: Refusal) => void): () => void {
  refusalListeners.add(listener);
  return () => refusalListeners.delete(listener);
}

let shareToken: string | null = null;

/** From now on, what is asked below /api/v1/shared goes along with a link's token. It stands in no address, so that no log and no history has it. */
export function visitWith(token: string): void {
  shareToken = token;
}

function isOfVisit(request: Request): boolean {
  return `${new URL(request.url).pathname}/`.startsWith(addressOf("/api/v1/shared/"));
}

/** The one door to the server, for JSON and pictures alike. */
export async function send(request: Request): Promise<Response> {
  if (!["GET", "HEAD"].includes(request.method)) request.headers.set("X-Vitrine", "1");
  if (shareToken !== null && isOfVisit(request)) request.headers.set("X-Vitrine-Share", shareToken);
  const response = await globalThis.fetch(request);
  const refusal = await refusalOf(response);
  if (refusal) refusalListeners.forEach((listener) => listener(refusal));
  return response;
}

async function refusalOf(response: Response): Promise<Refusal | null> {
  if (response.status !== 401 && response.status !== 503) return null;
  const { code } = await problemOf(response.clone());
  if (code === "set-up-needed") return code;
  // Of a password that was typed to change it, wrong-password says that the session goes on.
  return response.status === 401 && code !== "wrong-password" ? "signed-out" : null;
}

export const api = createClient<paths>({ baseUrl: globalThis.location.origin + addressOf(""), fetch: send });

/** The data of an answer, or its problem as an exception, which is what the query cache expects. */
export async function dataOf<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw problemFrom(error, response.status);
  return data as T;
}

/** Whether trying the same request again can end otherwise: no answer at all, or a fault of the server. */
export function isWorthRetrying(error: unknown): boolean {
  if (error instanceof ProblemError) return error.status >= 500 && error.code !== "set-up-needed";
  return error instanceof TypeError;
}
