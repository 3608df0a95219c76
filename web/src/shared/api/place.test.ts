import { afterEach, expect, test, vi } from "vitest";

afterEach(() => document.head.querySelector("base")?.remove());

async function placeAt(href: string | null) {
  if (href !== null) document.head.appendChild(document.createElement("base")).setAttribute("href", href);
  vi.resetModules();
  return import("./place");
}

test("what is asked stands beneath the path of the base element", async () => {
  const { basePath, addressOf } = await placeAt("/my/pictures/");
  expect(basePath).toBe("/my/pictures");
  expect(addressOf("/api/v1/session")).toBe("/my/pictures/api/v1/session");
});

test("without a base path an address is what it is", async () => {
  expect((await placeAt("/")).addressOf("/api")).toBe("/api");
});
