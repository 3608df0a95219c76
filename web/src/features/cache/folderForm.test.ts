import { expect, test } from "vitest";
import { ProblemError } from "../../shared/api/problem";
import { aCacheFolder } from "../../testing/fixtures";
import { changeOf, fieldOf, textOf } from "./folderForm";

const presets = ["thumbnail", "display"];

test("fields that nobody touched change nothing", () => {
  const text = textOf(aCacheFolder({ limitBytes: 123_456_789_012, presets: ["display"] }), presets);
  expect(changeOf(text, { ...text }, presets)).toEqual({ change: {}, errors: {} });
});

test("a new folder leaves to the server what is left empty", () => {
  const text = textOf(null, presets);
  expect(changeOf(text, { ...text, limit: "200 GB" }, presets)).toEqual({ change: { limitBytes: 200e9 }, errors: {} });
});

test("all presets ticked is none named; none ticked is refused", () => {
  const text = textOf(aCacheFolder({ presets: ["display"] }), presets);
  expect(changeOf(text, { ...text, presets: ["display", "thumbnail"] }, presets).change).toEqual({ presets: [] });
  expect(changeOf(text, { ...text, presets: ["thumbnail"] }, presets).change).toEqual({ presets: ["thumbnail"] });
  expect(changeOf(text, { ...text, presets: [] }, presets).errors.presets).toBeDefined();
});

test("a budget that is emptied is taken away, one that is no size is refused", () => {
  const folder = aCacheFolder({ byPreset: [{ preset: "display", blobs: 1, bytes: 1, budgetBytes: 5e9 }] });
  const text = textOf(folder, presets);
  expect(changeOf(text, { ...text, budgets: { display: "", thumbnail: "1 GB" } }, presets).change).toEqual({ budgets: { display: null, thumbnail: 1e9 } });
  expect(changeOf(text, { ...text, budgets: { display: "much", thumbnail: "" } }, presets).errors.budgets).toBeDefined();
});

test("what is no number and no size is refused beside its field", () => {
  const text = textOf(aCacheFolder(), presets);
  expect(Object.keys(changeOf(text, { ...text, priority: "high", limit: "", floor: "x" }, presets).errors)).toEqual(["priority", "limit", "floor"]);
});

test.each([
  ["inside-library", "path"],
  ["limit-too-low", "limit"],
  ["budget-too-low", "budgets"],
  ["internal", undefined],
])("a refusal %s is about the field %s", (code, field) => expect(fieldOf(new ProblemError(400, code, ""))).toBe(field));
