import { expect, test } from "vitest";
import { barsOf } from "./usageBars";

const from = "2026-01-01T00:30:00Z";
const to = "2026-01-01T04:30:00Z";
const point = (at: string, hits: number, misses = 0) => ({ at, hits, misses, bytes: 0 });

test("hours go to their part of the time, and parts without any are empty", () => {
  const bars = barsOf([point("2026-01-01T00:00:00Z", 1), point("2026-01-01T01:00:00Z", 2, 1), point("2026-01-01T04:00:00Z", 5)], from, to, 4);
  expect(bars.map((bar) => [bar.hits, bar.misses])).toEqual([
    [3, 1],
    [0, 0],
    [0, 0],
    [5, 0],
  ]);
});

test("nothing is as many empty parts", () => {
  expect(barsOf([], from, to, 3).map((bar) => bar.hits)).toEqual([0, 0, 0]);
});
