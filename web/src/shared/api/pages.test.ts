import { expect, test } from "vitest";
import { joinPages, nextCursor } from "./pages";

test("an item that moved between two pages stands once, in its newer state", () => {
  const first = { items: [{ id: "1", n: 1 }, { id: "2", n: 1 }], next: "a" };
  const second = { items: [{ id: "2", n: 2 }, { id: "3", n: 1 }], next: null };
  expect(joinPages([first, second])).toEqual([{ id: "1", n: 1 }, { id: "2", n: 2 }, { id: "3", n: 1 }]);
});

test("a cursor that was used before ends the list", () => {
  expect(nextCursor({ items: [], next: "b" }, [], null, [null, "a"])).toBe("b");
  expect(nextCursor({ items: [], next: "a" }, [], null, [null, "a"])).toBeNull();
});
