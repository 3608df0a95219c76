import { act, type ReactNode } from "react";
import { expect, test } from "vitest";
import { createQueryClient } from "../../app/queryClient";
import { accessQuery, watchRefusals } from "../../shared/api/access";
import type { AuditEntry } from "../../shared/api/types";
import { aLibrary, aUser } from "../../testing/fixtures";
import { eventually, render } from "../../testing/render";
import { json, problem, serve } from "../../testing/server";
import { AccountPage } from "./AccountPage";
import { AuditPage } from "./AuditPage";
import { UsersPage } from "./UsersPage";

const at = "2026-01-01T00:00:00Z";
const libraries = [aLibrary({ id: "1", name: "Alps" }), aLibrary({ id: "2", name: "Sea" })];
const session = { id: "5", agent: "Firefox", createdAt: at, seenAt: at, current: true };
const key = { id: "7", name: "backup", scopes: ["view"], createdAt: at, expiresAt: "2999-01-01T00:00:00Z", usedAt: null };
const entry = (id: string, what: string): AuditEntry => ({ id, at, userId: "1", name: "ada", keyId: null, what, target: null, detail: null });

async function open(role: string, view: ReactNode, answers: Parameters<typeof serve>[0] = {}) {
  const server = serve({
    "GET /api/v1/session": json({ name: "ada", role, scopes: role === "Admin" ? ["view", "download", "jobs", "admin"] : ["view"] }),
    "GET /api/v1/libraries": json({ items: libraries, next: null }),
    "GET /api/v1/users": json({ items: [aUser({ id: "3", name: "ben", libraryIds: ["2"] })], next: null }),
    "GET /api/v1/sessions": json({ items: [session, { ...session, id: "6", agent: "Chromium", current: false }], next: null }),
    "GET /api/v1/keys": json({ items: [key], next: null }),
    ...answers,
  });
  const client = createQueryClient();
  const stop = watchRefusals(client);
  const page = await render(client, view);
  return { page, server, client, stop };
}

const button = (page: HTMLElement, label: string) => [...page.querySelectorAll("button")].find((one) => (one.ariaLabel ?? one.textContent) === label);
const sent = (server: ReturnType<typeof serve>, method: string) => server.asked.filter((request) => request.method === method);

async function click(page: HTMLElement, label: string) {
  await eventually(() => expect(button(page, label)).toBeDefined());
  await act(async () => button(page, label)!.click());
}

async function fill(page: HTMLElement, fields: Record<string, string>) {
  for (const [name, value] of Object.entries(fields)) page.querySelector<HTMLInputElement>(`[name="${name}"]`)!.value = value;
  await act(async () => page.querySelector("form")!.requestSubmit());
}

test("a user is added with grants, and a refusal is said in words", async () => {
  const { page, server } = await open("Admin", <UsersPage />, { "POST /api/v1/users": problem(409, "conflict", "There is a user 'eve' already.") });
  await eventually(() => expect(page.textContent).toContain("Sees: Sea"));
  await click(page, "Add a user");
  await act(async () => page.querySelector<HTMLInputElement>('input[name="library"][value="1"]')!.click());
  await fill(page, { name: "eve", password: "long enough" });
  await eventually(() => expect(page.querySelector('[role="alert"]')?.textContent).toContain("There is a user 'eve' already."));
  expect(await sent(server, "POST")[0]!.json()).toEqual({ name: "eve", role: "Viewer", password: "long enough", mayDownload: false, libraryIds: ["1"] });
});

test("removing asks first, and says why the last Admin stays", async () => {
  const { page, server } = await open("Admin", <UsersPage />, { "DELETE /api/v1/users/3": problem(409, "conflict", "This is the last Admin who can sign in.") });
  await click(page, "Remove ben");
  expect(sent(server, "DELETE")).toEqual([]);
  await click(page, "Remove");
  await eventually(() => expect(page.querySelector("dialog")?.textContent).toContain("This is the last Admin who can sign in."));
});

test("who is no Admin is told so, and nothing is asked", async () => {
  const { page, server } = await open("CacheManager", <><UsersPage /><AuditPage /></>);
  await eventually(() => expect(page.textContent).toContain("For Admins only"));
  expect(server.paths().filter((path) => path.endsWith("/users") || path.endsWith("/audit"))).toEqual([]);
});

test("a key is shown once, and only the own scopes are offered", async () => {
  const { page, server } = await open("Viewer", <AccountPage />, { "POST /api/v1/keys": json({ key, token: "vtr_secret" }) });
  await click(page, "Make a key");
  expect([...page.querySelectorAll<HTMLInputElement>('input[name="scope"]')].map((scope) => scope.value)).toEqual(["view"]);
  await act(async () => page.querySelector<HTMLInputElement>('input[name="scope"]')!.click());
  const dialog = page.querySelector("dialog")!;
  await fill(dialog, { name: "backup", days: "30" });
  expect(dialog.textContent).toContain("Tick at least one.");
  await act(async () => page.querySelector<HTMLInputElement>('input[name="scope"]')!.click());
  await fill(dialog, {});
  await eventually(() => expect(page.querySelector<HTMLInputElement>('input[aria-label="The key"]')?.value).toBe("vtr_secret"));
  expect(await sent(server, "POST")[0]!.json()).toEqual({ name: "backup", scopes: ["view"], days: 30 });
  await click(page, "Done");
  await eventually(() => expect(page.querySelector("dialog")).toBeNull());
});

test("the own session has no button to revoke it, another one has", async () => {
  const { page, server } = await open("Viewer", <AccountPage />, { "DELETE /api/v1/sessions/6": () => new Response(null, { status: 204 }) });
  await eventually(() => expect(page.textContent).toContain("This one"));
  const revoke = [...page.querySelectorAll("button")].filter((one) => one.ariaLabel?.startsWith("Revoke the session"));
  expect(revoke.length).toBe(1);
  await act(async () => revoke[0]!.click());
  await eventually(() => expect(server.paths()).toContain("/api/v1/sessions/6"));
});

test("a wrong present password is said beside the form, and signs nobody out", async () => {
  const { page, client, stop } = await open("Viewer", <AccountPage />, { "PUT /api/v1/session/password": problem(401, "wrong-password", "The password is wrong.") });
  await eventually(() => expect(page.querySelector("form")).not.toBeNull());
  await fill(page, { password: "wrong", newPassword: "a new long one", repeat: "a new long one" });
  await eventually(() => expect(page.querySelector('[role="alert"]')?.textContent).toContain("The password is wrong."));
  expect(client.getQueryData(accessQuery.queryKey)?.kind).toBe("signed-in");
  stop();
});

test("the audit goes on with more", async () => {
  let page2 = false;
  const { page } = await open("Admin", <AuditPage />, {
    "GET /api/v1/audit": () => {
      const answer = page2 ? { items: [entry("1", "setUp")], next: null } : { items: [entry("2", "removeLibrary")], next: "c" };
      page2 = true;
      return json(answer);
    },
  });
  await eventually(() => expect(page.textContent).toContain("Remove library"));
  await click(page, "Show more");
  await eventually(() => expect([...page.querySelectorAll("ol > li")].length).toBe(2));
  expect(button(page, "Show more")).toBeUndefined();
});
