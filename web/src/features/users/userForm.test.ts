import { expect, test } from "vitest";
import { aUser } from "../../testing/fixtures";
import { changeOf } from "./userForm";

const anna = aUser({ libraryIds: ["1", "2"], mayDownload: true });
const asIs = { role: anna.role, password: "", mayDownload: true, disabled: false, libraryIds: ["1", "2"] };

test("only what differs is sent, and grants as what is added and taken", () => {
  expect(changeOf(anna, asIs)).toEqual({});
  expect(changeOf(anna, { ...asIs, libraryIds: ["2", "3"], disabled: true })).toEqual({ disabled: true, grant: ["3"], revoke: ["1"] });
  expect(changeOf(anna, { ...asIs, libraryIds: ["2", "3"], mayDownload: false })).toEqual({ grant: ["3"], revoke: ["1"], mayDownload: false });
});

test("fields that are hidden for an Admin take nothing away", () => {
  expect(changeOf(anna, { ...asIs, role: "Admin", mayDownload: false, libraryIds: [] })).toEqual({ role: "Admin" });
  expect(changeOf(anna, { ...asIs, role: "Admin", libraryIds: [], mayDownload: false, password: "a long secret" })).toEqual({ role: "Admin", password: "a long secret" });
});
