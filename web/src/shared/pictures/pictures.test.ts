import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { problem, serve } from "../../testing/server";
import { createLane } from "./lane";
import { pictureQuery } from "./pictureQuery";
import { thumbHashUrl } from "./thumbHash";

test("a ThumbHash becomes a PNG in a data: URL; one that cannot be read becomes none", () => {
  expect(thumbHashUrl("1QcSHQRnh493V4dIh4eXh1h4kJUI")).toMatch(/^data:image\/png;base64,/);
  for (const bad of [null, "", "%%%", "AAA="]) expect(thumbHashUrl(bad)).toBeNull();
});

test("a picture that is being made (202) is asked for again after Retry-After", async () => {
  vi.useFakeTimers();
  let asked = 0;
  serve({
    "GET /api/v1/images/1/display": () =>
      ++asked < 3 ? new Response(null, { status: 202, headers: { "Retry-After": "2" } }) : new Response("picture"),
  });
  const loading = new QueryClient().fetchQuery(pictureQuery("/api/v1/images/1/display"));
  await vi.advanceTimersByTimeAsync(1900);
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(2200);
  expect(await (await loading).text()).toBe("picture");
});

test("an image that cannot be made is not asked for again, and keeps its reason", async () => {
  const { asked } = serve({ "GET /api/v1/images/1/display": problem(422, "corrupt", "The file is damaged.") });
  await expect(new QueryClient().fetchQuery(pictureQuery("/api/v1/images/1/display?v=a"))).rejects.toMatchObject({ code: "corrupt" });
  expect(asked).toHaveLength(1);
});

test("a picture that leaves the page is not loaded on", async () => {
  const { asked } = serve({ "GET /api/v1/images/1/thumbnail": () => new Promise<Response>(() => undefined) });
  const client = new QueryClient();
  const leave = new QueryObserver(client, pictureQuery("/api/v1/images/1/thumbnail?v=a")).subscribe(() => undefined);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  leave();
  await vi.waitFor(() => expect(asked[0]!.signal.aborted).toBe(true));
});

test("a lane runs so many at once, in order, without those that left", async () => {
  const run = createLane(1);
  const order: string[] = [];
  let finish = () => {};
  const first = run(new AbortController().signal, () => new Promise<void>((done) => (finish = done)));
  const left = new AbortController();
  const second = run(left.signal, async () => void order.push("second"));
  const third = run(new AbortController().signal, async () => void order.push("third"));
  left.abort();
  await expect(second).rejects.toThrow();
  finish();
  await Promise.all([first, third]);
  expect(order).toEqual(["third"]);
});
