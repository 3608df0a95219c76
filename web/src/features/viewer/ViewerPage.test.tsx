import { expect, test, vi } from "vitest";
import { createQueryClient } from "../../app/queryClient";
import { anImage } from "../../testing/fixtures";
import { eventually, press, render } from "../../testing/render";
import { json, serve } from "../../testing/server";
import type { Image } from "../../shared/api/types";
import { signedIn } from "../../shared/api/access";
import { ViewerPage } from "./ViewerPage";

const facts = { libraryId: "1", format: "jpeg", frames: 1, size: 1000, damaged: false, collectionName: "Alps", parentPath: "" };

async function open(image: Image, client = createQueryClient()) {
  serve({
    [`GET /api/v1/images/${image.id}`]: json({ ...image, ...facts }),
    [`GET /api/v1/images/${image.id}/neighbours`]: json({ previous: null, next: anImage("3"), index: 0, count: 120 }),
    [`GET /api/v1/images/${image.id}/display`]: () => new Response("picture"),
    [`GET /api/v1/images/${image.id}/thumbnail`]: () => new Response("picture"),
  });
  const onImage = vi.fn();
  const onClose = vi.fn();
  const page = await render(client, <ViewerPage imageId={image.id} onImage={onImage} onClose={onClose} />);
  await eventually(() => {
    expect(page.textContent).toContain("1 / 120");
    expect(page.querySelector("h1")?.textContent).toBe(image.name);
  });
  if (image.state === "ready") await eventually(() => expect(page.querySelector(`img[alt="${image.name}"]`)).not.toBeNull());
  return { page, onImage, onClose };
}

test("arrows go to the neighbours that there are, Esc closes", async () => {
  const { onImage, onClose } = await open(anImage("2"));
  await press("ArrowLeft");
  expect(onImage).not.toHaveBeenCalled();
  await press("ArrowRight");
  expect(onImage).toHaveBeenCalledWith("3");
  await press("Escape");
  expect(onClose).toHaveBeenCalledWith("1");
});

test("plus, minus and nought zoom; keys with Ctrl do not", async () => {
  const { page } = await open(anImage("2"));
  const zoom = () => page.querySelector('[title="Fit the screen"]')?.textContent;
  await press("+");
  expect(zoom()).toBe("125%");
  await press("+", window, { ctrlKey: true });
  expect(zoom()).toBe("125%");
  await press("0");
  await press("-");
  expect(zoom()).toBe("80%");
});

test("? lists every key, and an open dialog keeps the keys to itself", async () => {
  const { page, onImage } = await open(anImage("2"));
  await press("?");
  const dialog = page.querySelector("dialog");
  expect(dialog?.textContent).toContain("Full screen");
  await press("ArrowRight", dialog!);
  expect(onImage).not.toHaveBeenCalled();
});

test("an image that failed shows its reason, and no picture is asked for", async () => {
  const { page } = await open(anImage("2", { state: "failed", reason: "encrypted" }));
  expect(page.textContent).toContain("It is protected by a password.");
  expect(page.querySelector("img")).toBeNull();
});

test("the original is offered to who may download", async () => {
  const offered = (page: HTMLElement) => page.querySelector('[aria-label="Open the original"]') !== null;
  expect(offered((await open(anImage("2"))).page)).toBe(false);
  const client = createQueryClient();
  signedIn(client, { name: "anna", role: "Viewer", scopes: ["view", "download"] });
  expect(offered((await open(anImage("2"), client)).page)).toBe(true);
});
