import { expect, test } from "vitest";
import { aCacheFolder } from "../../testing/fixtures";
import { badgesOf, nameOf, takesOf } from "./folderWords";

const texts = (change: Parameters<typeof aCacheFolder>[0]) => badgesOf(aCacheFolder(change)).map((badge) => badge.text);

test("a folder that is well has no badge", () => expect(texts({})).toEqual([]));

test("a full folder is not near full as well, and a full disk is said once", () => {
  expect(texts({ nearFull: true })).toEqual(["Near full"]);
  expect(texts({ nearFull: true, full: true })).toEqual(["Full"]);
  expect(texts({ full: true, fault: "full" })).toEqual(["The disk is full"]);
});

test("draining tells what is left, and when nothing is", () => {
  expect(texts({ drain: { leftBlobs: 1, leftBytes: 2000 } })).toEqual(["Draining: 1 file, 2 KB left"]);
  expect(texts({ drain: { leftBlobs: 0, leftBytes: 0 }, active: false })).toEqual(["Drained", "Inactive: takes nothing new"]);
});

test("who sees no path sees the number, and no presets named are all", () => {
  expect(nameOf(aCacheFolder({ id: "7", path: null }))).toBe("Folder 7");
  expect([takesOf(aCacheFolder()), takesOf(aCacheFolder({ presets: ["display", "full"] }))]).toEqual(["All presets", "display, full"]);
});
