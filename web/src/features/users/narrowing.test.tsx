import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { act } from "react";
import { expect, test } from "vitest";
import { createQueryClient } from "../../app/queryClient";
import { signedIn } from "../../shared/api/access";
import type { Role } from "../../shared/api/types";
import { eventually, render } from "../../testing/render";
import { json, problem, serve } from "../../testing/server";
import { AuditPage } from "./AuditPage";
import { UsersPage } from "./UsersPage";

const anna = { id: "7", name: "<b>anna</b>", role: "Viewer", mayDownload: false, disabled: false, libraryIds: ["1"], createdAt: "2026-01-01T00:00:00Z", lockedUntil: null };
const entry = { id: "9", at: "2026-01-01T00:00:00Z", userId: "7", name: "ada", keyId: null, what: "removeLibrary", target: "1", detail: null };

async function open(component: typeof UsersPage, role: Role, answers: Parameters<typeof serve>[0] = {}) {
  const server = serve({
    "GET /api/v1/session": json({ name: "ada", role, scopes: ["view"] }),
    "GET /api/v1/libraries": json({ items: [{ id: "1", name: "Alps" }], next: null }),
    "GET /api/v1/users": json({ items: [anna], next: null }),
    "GET /api/v1/audit": json({ items: [entry], next: null }),
    ...answers,
  });
  const router = createRouter({ routeTree: createRootRoute({ component }), history: createMemoryHistory() });
  const client = createQueryClient();
  signedIn(client, { name: "ada", role, scopes: ["view"] });
  const page = await render(client, <RouterProvider router={router} />);
  return { page, server };
}

async function click(page: HTMLElement, label: string) {
  const found = () => [...page.querySelectorAll("button")].filter((one) => (one.ariaLabel ?? one.getAttribute("aria-label") ?? one.textContent) === label).at(-1);
  await eventually(() => expect(found()).toBeDefined());
  await act(async () => found()!.click());
}

test("a user's name is text, whatever it holds", async () => {
  const { page } = await open(UsersPage, "Admin");
  await eventually(() => expect(page.textContent).toContain("<b>anna</b>"));
  expect(page.querySelector("b")).toBeNull();
  expect(page.textContent).toContain("Sees: Alps");
});

test("who is no Admin sees neither users nor the audit, and asks for none", async () => {
  for (const component of [UsersPage, AuditPage]) {
    const { page, server } = await open(component, "CacheManager");
    await eventually(() => expect(page.textContent).toContain("For Admins only"));
    expect(server.paths()).not.toContain("/api/v1/users");
    expect(server.paths()).not.toContain("/api/v1/audit");
  }
});

test("a refused removal is said in the server's words, and the question stays", async () => {
  const { page } = await open(UsersPage, "Admin", { "DELETE /api/v1/users/7": problem(409, "conflict", "This is the last Admin who can sign in.") });
  await click(page, "Remove <b>anna</b>");
  await click(page, "Remove");
  await eventually(() => expect(page.querySelector("dialog [role=alert]")?.textContent).toContain("This is the last Admin"));
});

test("a user's sessions are listed, and ended together", async () => {
  const session = { id: "3", agent: "Firefox", createdAt: "2026-01-01T00:00:00Z", seenAt: "2026-01-01T00:00:00Z", current: false };
  const { page, server } = await open(UsersPage, "Admin", {
    "GET /api/v1/users/7/sessions": json({ items: [session], next: null }),
    "DELETE /api/v1/users/7/sessions": json({ changed: 1 }),
  });
  await click(page, "Sessions of <b>anna</b>");
  await eventually(() => expect(page.querySelector("dialog")?.textContent).toContain("Firefox"));
  await click(page, "End all");
  await eventually(() => expect(server.asked.map((one) => one.method)).toContain("DELETE"));
});

test("the audit is narrowed by act and by user, and shown whole again", async () => {
  const { page, server } = await open(AuditPage, "Admin");
  const last = () => new URL(server.asked.filter((one) => one.url.includes("/audit")).at(-1)!.url).searchParams;
  await click(page, "Only Remove library");
  await eventually(() => expect(last().get("what")).toBe("removeLibrary"));
  await click(page, "Only by ada");
  await eventually(() => expect([last().get("what"), last().get("user")]).toEqual(["removeLibrary", "7"]));
  await eventually(() => expect(page.querySelector("[role=status]")?.textContent).toBe("Only Remove library, by ada"));
  await click(page, "Show all");
  await eventually(() => expect(page.querySelector("[role=status]")).toBeNull());
});
