import { expect, test } from "vitest";
import { aUser } from "../../testing/fixtures";
import { actWords, badgesOf, grantsOf } from "./userWords";

const now = new Date("2026-01-02T00:00:00Z");
const texts = (user: Parameters<typeof badgesOf>[0]) => badgesOf(user, now).map((badge) => badge.text);

test("a lock of the past is none, and an Admin may download whatever is recorded", () => {
  expect(texts(aUser({ lockedUntil: "2026-01-01T23:59:00Z" }))).toEqual(["Viewer"]);
  expect(texts(aUser({ lockedUntil: "2026-01-01T23:59:00Z", mayDownload: true }))).toEqual(["Viewer", "Downloads originals"]);
  expect(texts(aUser({ lockedUntil: "2026-01-02T00:01:00Z" }))[0]).toContain("Locked until");
  expect(texts(aUser({ role: "Admin", disabled: true }))).toEqual(["Disabled", "Admin", "Downloads originals"]);
});

test("grants are said by name, and an Admin sees all", () => {
  const libraries = [{ id: "1", name: "Alps" }, { id: "2", name: "Sea" }];
  expect(grantsOf(aUser({ libraryIds: ["2", "9"] }), libraries)).toBe("Sea");
  expect(grantsOf(aUser(), libraries)).toBe("No library");
  expect(grantsOf(aUser({ role: "Admin" }), libraries)).toBe("All libraries");
});

test("an act is said in words", () => {
  expect(actWords({ what: "removeLibrary" })).toBe("Remove library");
});
