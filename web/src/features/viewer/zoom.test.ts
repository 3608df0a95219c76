import { expect, test } from "vitest";
import { fitSize, fitted, heldOnStage, panBy, zoomAt } from "./zoom";

const stage = { width: 1000, height: 500 };

test("a picture fits the stage whole and is never enlarged", () => {
  expect(fitSize({ width: 4000, height: 1000 }, stage)).toEqual({ width: 1000, height: 250 });
  expect(fitSize({ width: 100, height: 80 }, stage)).toEqual({ width: 100, height: 80 });
});

test("zoom stays between 0.25 and 5", () => {
  expect(zoomAt(fitted, 1000).zoom).toBe(5);
  expect(zoomAt(fitted, 0.0001).zoom).toBe(0.25);
});

test("what is under the pointer stays under it", () => {
  const point = { x: 120, y: -40 };
  const view = zoomAt({ zoom: 1.5, x: 30, y: 10 }, 2, point);
  const before = { x: (point.x - 30) / 1.5, y: (point.y - 10) / 1.5 };
  expect({ x: (point.x - view.x) / view.zoom, y: (point.y - view.y) / view.zoom }).toEqual(before);
});

test("a picture cannot be dragged off the stage, and a small one stays in the middle", () => {
  const fit = { width: 1000, height: 250 };
  expect(heldOnStage(panBy({ zoom: 2, x: 0, y: 0 }, { x: 9000, y: 9000 }), fit, stage)).toEqual({ zoom: 2, x: 500, y: 0 });
  expect(heldOnStage({ zoom: 0.5, x: 70, y: 70 }, fit, stage)).toEqual({ zoom: 0.5, x: 0, y: 0 });
});
