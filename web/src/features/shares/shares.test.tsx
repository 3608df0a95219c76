import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { act } from "react";
import { expect, test } from "vitest";
import { createQueryClient } from "../../app/queryClient";
import { createAppRouter } from "../../app/router";
import type { Share, SharedImage } from "../../shared/api/types";
import { eventually, press, render } from "../../testing/render";
import { json, problem, serve } from "../../testing/server";
import { ShareButton } from "./ShareButton";

const share: Share = {
  id: "4",
  collectionId: "7",
  collection: "Alps",
  madeBy: "ana",
  label: "for Ben",
  createdAt: "2026-01-01T00:00:00Z",
  expiresAt: "2026-01-31T00:00:00Z",
};

function anImage(id: string): SharedImage {
  const urls = { thumbnail: `/api/v1/shared/images/${id}/thumbnail?v=1`, display: `/api/v1/shared/images/${id}/display?v=2` };
  return { id, name: `${id}.jpg`, width: 3, height: 2, state: "ready", reason: null, thumbHash: null, color: null, urls };
}

test("a link is made, shown once, and revoked", async () => {
  const server = serve({
    "GET /api/v1/shares": json({ items: [share], next: null }),
    "POST /api/v1/shares": json({ share, token: "secret" }, 201),
    "DELETE /api/v1/shares/4": () => new Response(null, { status: 204 }),
  });
  const page = await render(createQueryClient(), <ShareButton collectionId="7" />);
  await click(page, "Share");
  await eventually(() => expect(page.textContent).toContain("Alps – for Ben"));
  await act(async () => page.querySelector("form")!.requestSubmit());
  await eventually(() => expect(page.querySelector<HTMLInputElement>('input[aria-label="The link"]')?.value).toBe("http://vitrine.test/shared#secret"));
  const made = server.asked.find((request) => request.method === "POST")!;
  expect(await made.json()).toEqual({ collectionId: "7", days: 30, label: "" });
  await click(page, "Revoke");
  await eventually(() => expect(server.asked.some((request) => request.method === "DELETE")).toBe(true));
});

test("whoever has a link sees the pictures, and its secret stands in a header alone", async () => {
  const picture = () => new Response("picture");
  const server = serve({
    "GET /api/v1/shared": json({ name: "Alps", images: 2, expiresAt: share.expiresAt }),
    "GET /api/v1/shared/images": json({ items: [anImage("1"), anImage("2")], next: null }),
    "GET /api/v1/shared/images/1/display": picture,
    "GET /api/v1/shared/images/1/thumbnail": picture,
  });
  const page = await openLink();
  await eventually(() => expect(page.textContent).toContain("2 images"));
  const asked = server.asked.filter((request) => new URL(request.url).pathname.startsWith("/api/v1/shared"));
  expect(asked.map((request) => request.headers.get("X-Vitrine-Share"))).toEqual(asked.map(() => "secret"));
  expect(server.asked.filter((request) => request.url.includes("secret"))).toEqual([]);
  expect(server.paths().filter((path) => !path.startsWith("/api/v1/shared"))).toEqual([]);
});

test("a link that does not work says so, and no sign-in is asked for", async () => {
  serve({ "GET /api/v1/shared": problem(404, "not-found") });
  const page = await openLink();
  await eventually(() => expect(page.textContent).toContain("This link shows nothing"));
  await press("Escape");
  expect(page.textContent).not.toContain("Password");
});

async function openLink(): Promise<HTMLElement> {
  const router = createAppRouter(createMemoryHistory({ initialEntries: ["/shared#secret"] }));
  return render(createQueryClient(), <RouterProvider router={router} />);
}

async function click(page: HTMLElement, label: string): Promise<void> {
  const button = [...page.querySelectorAll("button")].find(({ textContent }) => textContent === label)!;
  await act(async () => button.click());
}
