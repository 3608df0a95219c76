import { expect, test } from "vitest";
import { aJob } from "../../testing/fixtures";
import { mergeJobs, parseJobs } from "./jobCache";

test("the newer version of a job wins, whichever came last", () => {
  const newer = aJob({ version: 5, completedImages: 50 });
  expect(mergeJobs([newer], [aJob({ version: 4 })])).toEqual([newer]);
  expect(mergeJobs([aJob({ version: 4 })], [newer])).toEqual([newer]);
});

test("jobs that did not change stay the same objects, newest first", () => {
  const old = aJob({ id: "1" });
  const merged = mergeJobs([old], [aJob({ id: "1" }), aJob({ id: "2", createdAt: "2026-01-02T00:00:00Z" })]);
  expect(merged.map((job) => job.id)).toEqual(["2", "1"]);
  expect(merged[1]).toBe(old);
});

test("what a job waits for changes without a new version", () => {
  const before = aJob({ version: 5 });
  const waiting = aJob({ version: 5, waits: [{ code: "no-workers", until: null }] });
  expect(mergeJobs([before], [waiting])).toEqual([waiting]);
  expect(mergeJobs([waiting], [aJob({ version: 5, waits: [{ code: "no-workers", until: null }] })])[0]).toBe(waiting);
});

test("the cache keeps 200 jobs, and every open one beyond", () => {
  const ended = Array.from({ length: 300 }, (_, i) => aJob({ id: `${i}`, status: "Completed", createdAt: new Date(1.8e12 + i).toISOString() }));
  const kept = mergeJobs([aJob({ id: "open" })], ended);
  expect(kept).toHaveLength(201);
  expect(kept.at(-1)?.id).toBe("open");
});

test("a malformed event is nothing, a malformed job in it is left out", () => {
  expect(parseJobs("{bad")).toEqual([]);
  expect(parseJobs("null")).toEqual([]);
  expect(parseJobs('[null, 3, {"id": 4}, {"id": "5", "version": 1, "status": "Running", "waits": [], "recipes": []}]')).toHaveLength(1);
  expect(parseJobs('[{"id": "5", "version": 1, "status": "Running", "waits": [], "recipes": "{bad"}]')).toEqual([]);
});
