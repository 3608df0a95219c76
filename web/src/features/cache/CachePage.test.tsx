import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { act } from "react";
import { expect, test } from "vitest";
import { createQueryClient } from "../../app/queryClient";
import { aCacheFolder } from "../../testing/fixtures";
import { eventually, render } from "../../testing/render";
import { json, problem, serve } from "../../testing/server";
import { CachePage } from "./CachePage";

const folders = "/api/v1/cache/folders";
const presets = [
  { name: "thumbnail", maxEdge: 320, format: "webp", quality: 80, keepFrames: false },
  { name: "display", maxEdge: 1920, format: "jpeg", quality: 85, keepFrames: true },
];
const made = [{ preset: "thumbnail", contentType: "image/webp", count: 90, bytes: 2e6 }];
const statistics = {
  totalImages: 100,
  cachedImages: 90,
  missingImages: 10,
  totalCacheBytes: 2e6,
  collections: 8,
  collectionsWithCache: 7,
  libraries: [{ id: "1", name: "Alps", totalImages: 100, cachedImages: 90, missingImages: 10, totalCacheBytes: 2e6, collections: 8, collectionsWithCache: 7, derivatives: made }],
  derivatives: made,
  folders: [],
  difference: null,
};
const benefit = { hits: 950, misses: 50, hitRate: 0.95, bytesServed: 3e9, savedCpuSeconds: 7200 };
const effectiveness = {
  from: "2026-01-01T00:00:00Z",
  to: "2026-01-08T00:00:00Z",
  by: "preset",
  all: benefit,
  groups: [{ key: "thumbnail", name: null, benefit }],
  series: [{ at: "2026-01-02T00:00:00Z", hits: 950, misses: 50, bytes: 3e9 }],
  neverServedShare: 0.25,
  neverServed: null,
};
const report = {
  folderId: "1",
  dryRun: true,
  examined: 1000,
  files: 12,
  bytes: 5e6,
  orphans: { files: 12, bytes: 5e6 },
  unreferenced: { files: 0, bytes: 0 },
  staged: { files: 0, bytes: 0 },
  young: 3,
  foreign: 0,
  undeleted: 0,
  listed: [],
};

async function open(role: string, answers: Parameters<typeof serve>[0] = {}) {
  const server = serve({
    "GET /api/v1/session": json({ name: "ada", role }),
    "GET /api/v1/libraries": json({ items: [{ id: "1", name: "Alps", presets: ["thumbnail"] }], next: null }),
    [`GET ${folders}`]: json({ items: [aCacheFolder({ nearFull: true, usedPercent: 90 })], next: null }),
    [`GET ${folders}/statistics`]: json({ totalCacheSize: 40e9, availableSpace: 60e9, usagePercent: 40, folders: [] }),
    "GET /api/v1/cache/statistics": json(statistics),
    "GET /api/v1/cache/effectiveness": json(effectiveness),
    "GET /api/v1/cache/presets": json({ items: presets, next: null }),
    ...answers,
  });
  const router = createRouter({ routeTree: createRootRoute({ component: CachePage }), history: createMemoryHistory() });
  const page = await render(createQueryClient(), <RouterProvider router={router} />);
  const shown = role === "Viewer" ? [] : ["/srv/cache"];
  await eventually(() => [...shown, "1,920 px", "Hit rate", "7 of 8"].forEach((text) => expect(page.textContent).toContain(text)));
  return { page, server };
}

const button = (page: HTMLElement, label: string) => [...page.querySelectorAll("button")].find((one) => (one.ariaLabel ?? one.textContent) === label);

async function click(page: HTMLElement, label: string) {
  await eventually(() => expect(button(page, label)).toBeDefined());
  await act(async () => button(page, label)!.click());
}

async function type(page: HTMLElement, label: string, text: string) {
  const id = [...page.querySelectorAll("label")].find((one) => one.textContent === label)!.htmlFor;
  const input = page.querySelector<HTMLInputElement>(`[id="${id}"]`)!;
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!;
  await act(async () => {
    set.call(input, text);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return input;
}

const sent = (server: Awaited<ReturnType<typeof open>>["server"], method: string) => server.asked.filter((request) => request.method === method);
const bodyOf = (request: Request | undefined) => request!.clone().json() as Promise<unknown>;

test("what is there, what it is good for, and how it is made are shown", async () => {
  const { page } = await open("CacheManager");
  const told = ["40 GB used, 60 GB can still be written", "Near full", "Images100", "Missing10", "Hit rate95.0%", "Files never asked for25.0%", "Processor time saved2 h", "WEBP"];
  told.forEach((text) => expect(page.textContent).toContain(text));
});

test("a viewer sees no folders, changes nothing and forecasts nothing", async () => {
  const { page } = await open("Viewer");
  expect(page.textContent).not.toContain("/srv/cache");
  expect(["Add a folder", "Drain", "Clean up", "Add a preset", "Retire display", "What would it take?"].filter((label) => button(page, label))).toEqual([]);
});

test("a clean-up deletes only what a dry run over the same choice has shown", async () => {
  const cleanUp = `POST ${folders}/1/cleanup/all`;
  let run = 0;
  const { page, server } = await open("CacheManager", { [cleanUp]: () => json({ ...report, dryRun: run++ !== 1 }) });
  await click(page, "Clean up");
  expect(button(page, "Delete 12 files")).toBeUndefined();
  await click(page, "Look what it would be");
  await eventually(() => expect(page.textContent).toContain("12 files with 5 MB would be deleted."));
  await click(page, "Delete 12 files");
  await eventually(() => expect(page.textContent).toContain("12 files with 5 MB deleted."));
  expect(sent(server, "POST").map((request) => new URL(request.url).search)).toEqual(["?olderThanDays=7&dryRun=true", "?olderThanDays=7&dryRun=false"]);

  await click(page, "Look again");
  await eventually(() => expect(button(page, "Delete 12 files")).toBeDefined());
  await type(page, "Older than, in days", "1");
  expect(button(page, "Delete 12 files")).toBeUndefined();
});

test("a refused folder says so beside its field", async () => {
  const { page, server } = await open("Admin", { [`POST ${folders}`]: problem(400, "inside-library", "'/srv/photos/x' is inside the library Alps.") });
  await click(page, "Add a folder");
  await eventually(() => expect(page.querySelector("form")).not.toBeNull());
  const path = await type(page, "Folder", "/srv/photos/x");
  const limit = await type(page, "Limit", "much");
  await click(page, "Add");
  await eventually(() => expect(limit.getAttribute("aria-invalid")).toBe("true"));
  expect(sent(server, "POST")).toEqual([]);

  await type(page, "Limit", "2 GB");
  await click(page, "Add");
  await eventually(() => expect(path.getAttribute("aria-invalid")).toBe("true"));
  expect(path.parentElement!.textContent).toContain("inside the library Alps");
  expect(limit.getAttribute("aria-invalid")).toBeNull();
  expect(await bodyOf(sent(server, "POST")[0])).toEqual({ path: "/srv/photos/x", limitBytes: 2e9 });
});

test("a folder that is drained says what is left, and can be stopped", async () => {
  const { page, server } = await open("CacheManager", {
    [`GET ${folders}`]: json({ items: [aCacheFolder({ drain: { leftBlobs: 7, leftBytes: 3e6 } })], next: null }),
    [`POST ${folders}/1/drain/stop`]: json(aCacheFolder()),
  });
  expect(page.textContent).toContain("Draining: 7 files, 3 MB left");
  await click(page, "Stop draining");
  await eventually(() => expect(server.paths()).toContain(`${folders}/1/drain/stop`));
});

test("a folder that is not empty is not removed, and it is said why", async () => {
  const { page } = await open("CacheManager", { [`DELETE ${folders}/1`]: problem(409, "not-empty", "1000 files are left: drain it first.") });
  await click(page, "Remove");
  await eventually(() => expect(page.querySelectorAll("dialog").length).toBe(1));
  await act(async () => page.querySelector("dialog")!.querySelectorAll("button")[2]!.click());
  await eventually(() => expect(page.querySelector("dialog")?.textContent).toContain("1000 files are left: drain it first."));
});

test("a changed preset leads to the jobs that make its pictures anew", async () => {
  const { page, server } = await open("CacheManager", { "PATCH /api/v1/cache/presets/display": json({ preset: presets[1], jobs: ["4", "5"] }) });
  await click(page, "Change display");
  await type(page, "Quality", "70");
  await click(page, "Save");
  await eventually(() => expect(page.querySelector('[role="status"] a')?.textContent).toBe("see 2 jobs"));
  expect(await bodyOf(sent(server, "PATCH")[0])).toEqual({ maxEdge: 1920, format: "jpeg", quality: 70, keepFrames: true });
});

test("a forecast tells files, bytes and hours with their error, and what finds no room", async () => {
  const range = (expected: number) => ({ expected, standardError: expected / 20, low: expected * 0.9, high: expected * 1.1 });
  const forecast = {
    images: 100,
    files: 100,
    bytes: range(1e9),
    hours: range(2),
    basis: "sample",
    sampledImages: 24,
    sampleSeconds: 3,
    room: "noRoom",
    code: "no-room",
    missingBytes: 4e8,
    presets: [{ preset: "thumbnail", files: 100, bytes: range(1e9), room: "noRoom", missingBytes: 4e8 }],
  };
  const { page, server } = await open("CacheManager", { "POST /api/v1/cache/forecast": json(forecast), "POST /api/v1/cache/processing-jobs": json({ id: "9" }, 202) });
  await click(page, "What would it take?");
  const told = ["Size1 GB900 MB to 1.1 GB", "workers2 h1 h 48 min to 2 h 12 min", "No room. 400 MB find none", "24 images of this job"];
  await eventually(() => told.forEach((text) => expect(page.textContent).toContain(text)));
  await click(page, "Make them now");
  await eventually(() => expect(page.textContent).toContain("Started: see the jobs"));
  expect(await bodyOf(sent(server, "POST")[0])).toEqual({ libraryId: "1", presets: ["thumbnail"], force: false, sample: true });
  expect(await bodyOf(sent(server, "POST")[1])).toMatchObject({ type: "derive", libraryId: "1", presets: ["thumbnail"], force: false });
});
