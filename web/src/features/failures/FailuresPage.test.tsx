import { act } from "react";
import { expect, test } from "vitest";
import { createQueryClient } from "../../app/queryClient";
import { aFailureGroup } from "../../testing/fixtures";
import { eventually, render } from "../../testing/render";
import { json, problem, serve } from "../../testing/server";
import { FailuresPage } from "./FailuresPage";

const groupsPath = "GET /api/v1/cache/failures/groups";

async function open(role: string, answers: Parameters<typeof serve>[0] = {}) {
  const server = serve({
    "GET /api/v1/session": json({ name: "ada", role }),
    "GET /api/v1/libraries": json({ items: [{ id: "1", name: "Alps" }], next: null }),
    [groupsPath]: json({ items: [aFailureGroup({ count: 1200, decoder: "v1" }), aFailureGroup({ code: "timeout", count: 3, ignored: true }), aFailureGroup({ code: "empty", count: 1, decoder: "v2" })], next: null }),
    ...answers,
  });
  const page = await render(createQueryClient(), <FailuresPage />);
  return { page, server };
}

const button = (page: HTMLElement, label: string) => [...page.querySelectorAll("button")].find((one) => one.textContent === label);

async function click(page: HTMLElement, label: string) {
  await eventually(() => expect(button(page, label)).toBeDefined());
  await act(async () => button(page, label)!.click());
}

const bodyOf = (request: Request) => request.clone().json() as Promise<unknown>;

test("each reason is shown with its words, its count and where it is from", async () => {
  const { page } = await open("Viewer");
  await eventually(() => {
    expect(page.textContent).toContain("1,200 × The file is damaged: it holds no picture that can be read.");
    expect(page.textContent).toContain("1,200 pictures in Alps, by decoder v1");
    expect(page.textContent).toContain("ignored");
    expect(page.textContent).toContain("1 picture in Alps, by decoder v2");
  });
  expect(page.querySelector("button")).toBeNull();
});

test("a manager tries a reason again, and is told where to look", async () => {
  const { page, server } = await open("CacheManager", { "POST /api/v1/cache/failures/retry": json({ items: [{}], next: null }, 202) });
  await click(page, "Try again");
  await eventually(() => expect(page.querySelector('[role="status"]')?.textContent).toBe("They are tried again: see the jobs."));
  expect(await bodyOf(server.asked.find((request) => request.method === "POST")!)).toEqual({ reasons: ["corrupt"], ignored: false });
});

test("ignoring asks for the counts anew, and ignored ones can be restored", async () => {
  const { page, server } = await open("Admin", {
    "POST /api/v1/cache/failures/ignore": json({ count: 1200 }),
    "POST /api/v1/cache/failures/restore": json({ count: 3 }),
  });
  await click(page, "Ignore");
  await eventually(() => expect(server.paths().filter((path) => path.endsWith("/groups")).length).toBe(2));
  await click(page, "Restore");
  await eventually(() => expect(server.paths()).toContain("/api/v1/cache/failures/restore"));
  expect(await bodyOf(server.asked.find((request) => request.url.endsWith("restore"))!)).toEqual({ reasons: ["timeout"], ignored: true });
});

test("what the server refuses is said", async () => {
  const { page } = await open("Admin", { "POST /api/v1/cache/failures/ignore": problem(403, "forbidden", "No.") });
  await click(page, "Ignore");
  await eventually(() => expect(page.querySelector('[role="alert"]')?.textContent).toContain("No."));
});

test("nothing failed", async () => {
  const { page } = await open("Viewer", { [groupsPath]: json({ items: [], next: null }) });
  await eventually(() => expect(page.textContent).toContain("Nothing failed"));
});
