import { expect, test } from "vitest";
import { parseByteSize, writeByteSize } from "./byteSize";

test.each([
  ["200 GB", 200e9],
  ["1.5tb", 1.5e12],
  ["1 GiB", 2 ** 30],
  ["1,000,000", 1e6],
  [" 5 B ", 5],
])("%s is %d bytes", (text, bytes) => expect(parseByteSize(text)).toBe(bytes));

test.each(["", "GB", "-1 GB", "1 GB 2", "2 parsecs", "1e9", "99999999 TB"])("%o is no size", (text) => expect(parseByteSize(text)).toBeNull());

test.each([1, 999, 1000, 1024, 1.5e9, 10 * 2 ** 30, 123_456_789_012])("%d bytes come back from the field", (bytes) => {
  expect(parseByteSize(writeByteSize(bytes))).toBe(bytes);
});
