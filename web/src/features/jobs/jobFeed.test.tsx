import { act } from "react";
import { expect, test, vi } from "vitest";
import { createQueryClient } from "../../app/queryClient";
import { aJob } from "../../testing/fixtures";
import { render } from "../../testing/render";
import { json, serve } from "../../testing/server";
import { useJobFeed, useJobs } from "./useJobs";

/** A stream that the test speaks through. */
class FakeStream extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeStream[] = [];
  readyState = 1;

  constructor(readonly url: string) {
    super();
    FakeStream.opened.push(this);
  }

  close() {
    this.readyState = FakeStream.CLOSED;
  }

  async say(data: string, type = "jobs") {
    await act(async () => {
      this.dispatchEvent(new MessageEvent(type, { data }));
      await settle();
    });
  }

  async fail(readyState: number) {
    this.readyState = readyState;
    await act(async () => {
      this.dispatchEvent(new Event("error"));
      await settle();
    });
  }
}

/** The query cache tells its observers in the next turn of the (faked) event loop. */
const settle = () => vi.advanceTimersByTimeAsync(1);

function Jobs() {
  useJobFeed();
  const { jobs } = useJobs();
  return jobs.map((job) => `${job.id}:${job.completedImages}`).join(" ");
}

async function start() {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeStream);
  FakeStream.opened = [];
  let polled = aJob({ completedImages: 1 });
  const server = serve({ "GET /api/v1/cache/processing-jobs": () => json({ items: [polled], next: null }) });
  const page = await render(createQueryClient(), <Jobs />);
  await act(settle);
  return { page, server, stream: FakeStream.opened[0]!, setPolled: (job: typeof polled) => (polled = job) };
}

const seconds = (count: number) => act(() => vi.advanceTimersByTimeAsync(count * 1000 + 1));

test("an event of the stream changes the job it names, at once", async () => {
  const { page, stream } = await start();
  expect(page.textContent).toBe("1:1");
  await stream.say(JSON.stringify([aJob({ version: 2, completedImages: 7 })]));
  expect(page.textContent).toBe("1:7");
});

test("while the stream lives nothing is polled every five seconds", async () => {
  const { server, stream } = await start();
  await stream.say("[]");
  const before = server.asked.length;
  for (let i = 0; i < 3; i++) {
    await seconds(10);
    await stream.say("[]", "heartbeat");
  }
  expect(server.asked.length).toBe(before);
  expect(FakeStream.opened).toHaveLength(1);
});

test("a heartbeat changes nothing", async () => {
  const { page, stream } = await start();
  await stream.say(JSON.stringify([aJob({ version: 2, completedImages: 7 })]));
  await stream.say("[]", "heartbeat");
  expect(page.textContent).toBe("1:7");
});

test("a malformed event changes nothing and ends nothing", async () => {
  const { page, stream } = await start();
  await stream.say("{bad");
  expect(page.textContent).toBe("1:1");
  await stream.say(JSON.stringify([aJob({ version: 2, completedImages: 8 })]));
  expect(page.textContent).toBe("1:8");
});

test("with the stream blocked the page still updates within five seconds", async () => {
  const { page, stream, setPolled } = await start();
  await stream.fail(FakeStream.CLOSED);
  setPolled(aJob({ version: 9, completedImages: 30 }));
  await seconds(5);
  expect(page.textContent).toBe("1:30");
});

test("a stream that falls silent is opened again, and polled for meanwhile", async () => {
  const { page, stream, setPolled } = await start();
  await stream.say("[]");
  setPolled(aJob({ version: 9, completedImages: 30 }));
  await seconds(25);
  expect(FakeStream.opened).toHaveLength(2);
  expect(stream.readyState).toBe(FakeStream.CLOSED);
  await seconds(5);
  expect(page.textContent).toBe("1:30");
});

test("a refused stream is opened again, a broken one is left to the browser", async () => {
  const { stream } = await start();
  await stream.fail(0);
  await seconds(20);
  expect(FakeStream.opened).toHaveLength(1);
  await stream.fail(FakeStream.CLOSED);
  await seconds(20);
  expect(FakeStream.opened).toHaveLength(2);
});
