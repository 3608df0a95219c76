import { expect, test } from "vitest";
import server from "../../../../src/Vitrine.Core/Jobs/Waiting.cs?raw";
import { aJob } from "../../testing/fixtures";
import { recipeOf, statusOf, titleOf } from "./jobWords";

test("a job is called by what it makes", () => {
  expect(titleOf(aJob({ type: "scan", kind: null }))).toBe("Looking for pictures");
  expect(titleOf(aJob({ kind: "thumbnails" }))).toBe("Making thumbnails");
  expect(titleOf(aJob({ kind: "cache", force: true }))).toBe("Making larger pictures again");
  expect(titleOf(aJob({ kind: "both" }))).toBe("Making thumbnails and larger pictures");
});

test("a waiting job says why, whether something holds it or not", () => {
  expect(statusOf(aJob())).toBe("");
  expect(statusOf(aJob({ waits: [{ code: "no-workers", until: null }] }))).toBe("Waiting: no worker is running");
  const held = aJob({ status: "Paused", holds: ["user", "root"], waits: [{ code: "paused", until: null }, { code: "library-offline", until: null }] });
  expect(statusOf(held)).toBe("Waiting: paused, its folder cannot be reached");
  expect(statusOf(aJob({ waits: [{ code: "retry-later", until: "2026-01-01T10:00:00Z" }] }))).toMatch(/^Waiting: what failed is tried again \(.*2026.*\)$/);
  expect(statusOf(aJob({ waits: [{ code: "a-new-one", until: null }] }))).toBe("Waiting: a-new-one");
});

test("every code that the server has for waiting has words", () => {
  const codes = [...server.matchAll(/public const string \w+ = "([a-z-]+)"/g)].map((match) => match[1]!);
  expect(codes.length).toBeGreaterThan(5);
  const shown = codes.map((code) => statusOf(aJob({ waits: [{ code, until: null }] })));
  expect(shown.filter((words, index) => words === `Waiting: ${codes[index]}`)).toEqual(["Waiting: paused"]);
});

test("a recipe is said with its size, format and quality", () => {
  expect(recipeOf({ name: "display", maxEdge: 1920, format: "jpeg", quality: 85, keepFrames: false })).toBe("display 1,920 px JPEG 85");
  expect(recipeOf({ name: "full", maxEdge: null, format: "jpeg", quality: 90, keepFrames: false })).toBe("full native size JPEG 90");
});
