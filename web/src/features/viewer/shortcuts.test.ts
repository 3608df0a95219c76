import { expect, test } from "vitest";
import { actionFor, shortcuts } from "./shortcuts";

const plain = { ctrlKey: false, metaKey: false, altKey: false };

test("each key has one action, and each action one line", () => {
  const keys = shortcuts.flatMap((shortcut) => shortcut.keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(shortcuts.map((shortcut) => shortcut.action)).size).toBe(shortcuts.length);
});

test("every key of the table is heard, letters in both cases", () => {
  for (const { action, keys } of shortcuts) {
    for (const key of keys) expect(actionFor({ ...plain, key })).toBe(action);
  }
  expect(actionFor({ ...plain, key: "F" })).toBe("fullScreen");
});

test("keys with Ctrl, Alt or Command are left to the browser", () => {
  for (const modifier of ["ctrlKey", "metaKey", "altKey"]) expect(actionFor({ ...plain, key: "+", [modifier]: true })).toBeNull();
});
