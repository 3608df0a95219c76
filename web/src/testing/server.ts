import { vi } from "vitest";

type Answer = Response | (() => Response | Promise<Response>);

/** Stands in for the server: answers by "METHOD /path", and keeps what was asked. What is not listed is 404. */
export function serve(answers: Record<string, Answer>) {
  const asked: Request[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push(request);
    request.signal.throwIfAborted();
    const answer = answers[`${request.method} ${new URL(request.url).pathname}`] ?? problem(404, "not-found");
    return typeof answer === "function" ? answer() : answer.clone();
  });
  return { asked, paths: () => asked.map((request) => new URL(request.url).pathname) };
}

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status });
}

export function problem(status: number, code: string, detail = code): Response {
  return Response.json({ type: "about:blank", title: code, status, code, detail }, { status, headers: { "Content-Type": "application/problem+json" } });
}
