import { QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createQueryClient } from "../../app/queryClient";
import { aJob } from "../../testing/fixtures";
import { startRefresh } from "./refresh";

beforeEach(() => vi.useFakeTimers());

let stop = () => {};
afterEach(() => stop());

/** A list of collections on the page, whose covers the server answers as it is told to. */
async function start(answer: () => Promise<string>) {
  const client = createQueryClient();
  const shown = new QueryObserver(client, { queryKey: ["collections", {}], queryFn: answer });
  const leave = shown.subscribe(() => undefined);
  const refresh = startRefresh(client);
  stop = () => {
    refresh.stop();
    leave();
    client.clear();
  };
  await vi.advanceTimersByTimeAsync(1);
  return { refresh, shown: () => shown.getCurrentResult().data };
}

test("a cover is shown within a second of the job's progress", async () => {
  let covers = "none";
  const { refresh, shown } = await start(() => Promise.resolve(covers));
  refresh.takeJobs([aJob()]);
  covers = "one";
  refresh.takeJobs([aJob({ version: 2, completedImages: 1 })]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(shown()).toBe("one");
});

test("the first job of all counts, and the last step of a job does not wait longer", async () => {
  let covers = "none";
  const { refresh, shown } = await start(() => Promise.resolve(covers));
  refresh.takeJobs([]);
  covers = "all";
  refresh.takeJobs([aJob({ status: "Completed" })]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(shown()).toBe("all");
});

test("a slow server is asked again only once it has answered", async () => {
  let asked = 0;
  const slow = () => new Promise<string>((resolve) => setTimeout(() => resolve(`${++asked}`), 5000));
  const { refresh, shown } = await start(slow);
  await vi.advanceTimersByTimeAsync(5000);
  for (let version = 1; version <= 30; version++) {
    refresh.takeJobs([aJob({ version })]);
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(shown()).toBe("2");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toBe(3);
});
