import { expect, test } from "vitest";
import { aJob } from "../../testing/fixtures";
import { addSample, paceOf, type Sample } from "./jobProgress";

test("without samples the pace is the mean since the start, by the server's clock", () => {
  expect(paceOf(aJob({ completedImages: 40 }), [])).toEqual({ perSecond: 4, secondsLeft: 15 });
});

test("samples give the present pace, over at most the last twenty seconds", () => {
  let samples: Sample[] = [];
  for (let second = 0; second <= 60; second++) samples = addSample(samples, { at: second * 1000, accounted: second < 40 ? second : second * 2 - 40 });
  expect(samples.length).toBeLessThanOrEqual(22);
  expect(paceOf(aJob({ completedImages: 80 }), samples).perSecond).toBeCloseTo(2, 1);
});

test("time left is said only once the total is known, and a pace only while the job runs", () => {
  expect(paceOf(aJob({ completedImages: 40, planned: false }), []).secondsLeft).toBeNull();
  expect(paceOf(aJob({ completedImages: 40, status: "Paused" }), []).perSecond).toBeNull();
});
