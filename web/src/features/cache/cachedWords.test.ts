import { expect, test } from "vitest";
import { differenceOf, formatOf } from "./cachedWords";

const none = { derivatives: 0, derivativeBytes: 0, blobs: 0, blobBytes: 0, sharedLinks: 0, sharedBytes: 0, removedLinks: 0, removedBytes: 0, unreferencedBlobs: 0, unreferencedBytes: 0 };

test("why files and pictures differ is told by its three causes, as far as they are there", () => {
  const found = { ...none, derivatives: 1200, derivativeBytes: 5e9, blobs: 1101, blobBytes: 4.8e9, sharedLinks: 120, sharedBytes: 3e8, removedLinks: 20, removedBytes: 9e7, unreferencedBlobs: 1, unreferencedBytes: 1e7 };
  expect(differenceOf(found)).toBe(
    "1,200 pictures (5 GB) lie in 1,101 files (4.8 GB): 120 pictures (300 MB) are the same as another and need no file; " +
      "20 more pictures (90 MB) are of images that are gone and not forgotten yet; 1 file (10 MB) is shown by no image and goes with a clean-up.",
  );
  expect(differenceOf({ ...none, derivatives: 1, derivativeBytes: 10, blobs: 1, blobBytes: 10 })).toBe("1 picture (10 bytes) lies in 1 file (10 bytes): each has one of its own.");
});

test.each([
  ["image/webp", "WEBP"],
  ["image/svg+xml", "SVG"],
])("%s is called %s", (type, name) => expect(formatOf(type)).toBe(name));
