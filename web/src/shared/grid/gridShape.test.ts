import { expect, test } from "vitest";
import { cardReachedBy, gridShape } from "./gridShape";

test("as many columns as fit, never none", () => {
  expect(gridShape(1000, 184, 16)).toEqual({ columns: 5, cardWidth: 187 });
  expect(gridShape(100, 184, 16)).toEqual({ columns: 1, cardWidth: 100 });
});

test("arrows go to the next card and row, and stop at the borders", () => {
  expect(cardReachedBy("ArrowDown", 3, 5, 20)).toBe(8);
  expect(cardReachedBy("ArrowUp", 3, 5, 20)).toBeNull();
  expect(cardReachedBy("ArrowRight", 19, 5, 20)).toBeNull();
  expect(cardReachedBy("End", 3, 5, 20)).toBe(19);
  expect(cardReachedBy("a", 3, 5, 20)).toBeNull();
});
