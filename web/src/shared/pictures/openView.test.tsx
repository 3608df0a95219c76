import { QueryClient } from "@tanstack/react-query";
import { act, useState } from "react";
import { expect, test, vi } from "vitest";
import { render } from "../../testing/render";
import { serve } from "../../testing/server";
import type { Collection } from "../api/types";
import { coversToMake, useCoversInView } from "./openView";

const collection = (id: string, state: "new" | "ready" | "failed", thumbnail: string) =>
  ({ id, cover: { id: `1${id}`, state, urls: { thumbnail } } }) as unknown as Collection;

test("covers that are made, broken or not there are nobody's hurry", () => {
  const collections = [
    collection("1", "new", "/api/v1/images/11/thumbnail"),
    collection("2", "ready", "/api/v1/images/12/thumbnail?v=a"),
    collection("3", "failed", "/api/v1/images/13/thumbnail"),
    { ...collection("4", "new", ""), cover: null } as unknown as Collection,
    collection("5", "ready", "/api/v1/images/15/thumbnail"),
  ];
  expect(coversToMake(collections)).toEqual(["1", "5"]);
});

test("a view is told once, when the scrolling rests", async () => {
  vi.useFakeTimers();
  const { asked } = serve({ "POST /api/v1/view": new Response(null, { status: 204 }) });
  let scrollTo: (ids: string[]) => void = () => undefined;
  function View() {
    const [ids, setIds] = useState<string[]>([]);
    scrollTo = setIds;
    useCoversInView(ids.map((id) => collection(id, "new", "/t")));
    return null;
  }
  const pass = (milliseconds: number) => act(async () => void (await vi.advanceTimersByTimeAsync(milliseconds)));
  await render(new QueryClient(), <View />);

  for (const ids of [["1", "2"], ["2", "3"], ["3", "4"]]) {
    await act(async () => scrollTo(ids));
    await pass(100);
  }
  expect(asked).toHaveLength(0);
  await pass(200);
  await act(async () => scrollTo(["3", "4"]));
  await pass(1000);
  expect(asked).toHaveLength(1);
  expect(await asked[0]!.json()).toEqual({ collectionIds: ["3", "4"] });
});
