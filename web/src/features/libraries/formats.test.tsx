import { expect, test } from "vitest";
import { createQueryClient } from "../../app/queryClient";
import { eventually, render } from "../../testing/render";
import { json, serve } from "../../testing/server";
import type { Format } from "../../shared/api/types";
import { Formats } from "./Formats";
import { UnreadFiles } from "./UnreadFiles";

function aFormat(name: string, change: Partial<Format>): Format {
  return { name, title: name.toUpperCase(), extensions: [name], flavour: "bundled", access: "allowed", read: true, setting: null, remedy: null, note: "", ...change };
}

test("what the machine reads is shown, and what would make it read more", async () => {
  const formats = [
    aFormat("jpeg", {}),
    aFormat("heic", { read: false, flavour: "system", remedy: "apt install libvips42" }),
    aFormat("psd", { read: false, flavour: null, access: "never" }),
  ];
  serve({ "GET /api/v1/formats": json({ items: formats, next: null }) });
  const page = await render(createQueryClient(), <Formats />);
  await eventually(() => {
    expect(page.textContent).toContain("This machine reads JPEG.");
    expect(page.textContent).toContain("HEIC is not read: apt install libvips42.");
    expect(page.textContent).toContain("Vitrine does not read PSD.");
  });
});

test("files that are not shown are counted by kind and extension", async () => {
  const items = [
    { extension: "mp4", kind: "video", listed: false, files: 1200 },
    { extension: "heic", kind: "image", listed: true, files: 3 },
    { extension: "", kind: "other", listed: false, files: 1 },
  ];
  serve({ "GET /api/v1/libraries/1/unread": json({ items, next: null }) });
  const page = await render(createQueryClient(), <UnreadFiles libraryId="1" />);
  await eventually(() => {
    expect(page.textContent).toContain("Pictures that are not read: 3 (3 .heic)");
    expect(page.textContent).toContain("Videos: 1,200 (1,200 .mp4)");
    expect(page.textContent).toContain("Other files: 1 (1 without extension)");
  });
});
