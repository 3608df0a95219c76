import { expect, test } from "vitest";
import type { User } from "../../shared/api/types";
import { changeOf } from "./userForm";
import { actWords, badgesOf, grantsOf } from "./userWords";

const now = new Date("2026-01-01T12:00:00Z");
const anna: User = {
  id: "7",
  name: "anna",
  role: "Viewer",
  mayDownload: true,
  disabled: false,
  libraryIds: ["1", "2"],
  createdAt: "2025-01-01T00:00:00Z",
  lockedUntil: null,
};
const asIs = { role: anna.role, password: "", mayDownload: true, disabled: false, libraryIds: ["1", "2"] };

test("only what differs is sent, and grants as what is added and taken", () => {
  expect(changeOf(anna, asIs)).toEqual({});
  expect(changeOf(anna, { ...asIs, libraryIds: ["2", "3"], disabled: true })).toEqual({ disabled: true, grant: ["3"], revoke: ["1"] });
});

test("fields that are hidden for an Admin take nothing away", () => {
  expect(changeOf(anna, { ...asIs, role: "Admin", mayDownload: false, libraryIds: [] })).toEqual({ role: "Admin" });
});

test("a lock that is over is not shown, and one that holds is", () => {
  const texts = (user: User) => badgesOf(user, now).map((badge) => badge.text);
  expect(texts({ ...anna, lockedUntil: "2026-01-01T11:59:00Z" })).toEqual(["Viewer", "Downloads originals"]);
  expect(texts({ ...anna, lockedUntil: "2026-01-01T12:01:00Z" })[0]).toMatch(/^Locked until /);
});

test("grants are said by name, and an Admin's are all", () => {
  const libraries = [
    { id: "1", name: "Alps" },
    { id: "3", name: "Sea" },
  ];
  expect(grantsOf(anna, libraries)).toBe("Alps");
  expect(grantsOf({ ...anna, libraryIds: [] }, libraries)).toBe("No library");
  expect(grantsOf({ ...anna, role: "Admin" }, libraries)).toBe("All libraries");
  expect(actWords({ what: "removeLibrary" })).toBe("Remove library");
});
