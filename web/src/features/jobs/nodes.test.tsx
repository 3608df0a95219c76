import { expect, test } from "vitest";
import { createQueryClient } from "../../app/queryClient";
import { eventually, render } from "../../testing/render";
import { json, serve } from "../../testing/server";
import { NodesSection } from "./NodesSection";

const times = { startedAt: "2026-01-01T00:00:00Z", seenAt: "2026-01-01T00:00:00Z" };
const server = { ...times, name: "one/1", self: true, version: "1.0", labels: [], workers: 0, batches: 0, unable: [] };
const worker = { ...times, name: "two/2", self: false, version: "1.0", labels: ["nas"], workers: 4, batches: 3, unable: ["7", "8"] };
const names = new Map([["7", "Holidays"]]);

test("nodes say what they do and what they leave to others", async () => {
  serve({ "GET /api/v1/session": json({ user: { name: "admin" }, role: "Admin" }), "GET /api/v1/cache/engine/nodes": json({ items: [server, worker], next: null }) });
  const page = await render(createQueryClient(), <NodesSection names={names} />);
  await eventually(() => expect(page.textContent).toContain("4 workers, 3 busy, nas"));
  expect(page.textContent).toContain("serves only");
  expect(page.textContent).toContain("Leaves to others: Holidays, 8");
});

test("a server that is alone shows none", async () => {
  const asked = serve({ "GET /api/v1/session": json({ user: { name: "admin" }, role: "Admin" }), "GET /api/v1/cache/engine/nodes": json({ items: [server], next: null }) });
  const page = await render(createQueryClient(), <NodesSection names={names} />);
  await eventually(() => expect(asked.paths()).toContain("/api/v1/cache/engine/nodes"));
  expect(page.textContent).toBe("");
});
