import { expect, test } from "vitest";
import { aFailureGroup } from "../../testing/fixtures";
import { byReason } from "./groups";

test("groups of one reason are added up, the most frequent first and ignored ones last", () => {
  const reasons = byReason([
    aFailureGroup({ code: "timeout", count: 90, ignored: true }),
    aFailureGroup({ code: "corrupt", count: 2, libraryId: "1" }),
    aFailureGroup({ code: "empty", count: 4 }),
    aFailureGroup({ code: "corrupt", count: 3, libraryId: "2" }),
    aFailureGroup({ code: "corrupt", count: 1, ignored: true }),
  ]);
  expect(reasons.map((reason) => [reason.code, reason.ignored, reason.count, reason.groups.length])).toEqual([
    ["corrupt", false, 5, 2],
    ["empty", false, 4, 1],
    ["timeout", true, 90, 1],
    ["corrupt", true, 1, 1],
  ]);
});

test("nothing is nothing", () => {
  expect(byReason([])).toEqual([]);
});
