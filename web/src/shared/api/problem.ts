/** An answer of the API that is not a success: problem details with Vitrine's stable `code`. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
    this.name = "ProblemError";
  }
}

/** Reads the problem from an answer's body. A body that is none (a proxy's page, an empty one) still gives a problem, with the status. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => null);
  return problemFrom(body, response.status);
}

export function problemFrom(body: unknown, status: number): ProblemError {
  const { code, detail, title } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const text = [detail, title].find((t): t is string => typeof t === "string" && t !== "");
  return new ProblemError(status, typeof code === "string" ? code : "internal", text ?? `The server answered ${status}.`);
}

/** What to show a person for any error of a query or mutation. */
export function messageOf(error: unknown): string {
  if (error instanceof ProblemError) return error.message;
  // fetch rejects with a TypeError where no answer came at all.
  if (error instanceof TypeError) return "The server cannot be reached.";
  return error instanceof Error ? error.message : "Something went wrong.";
}
