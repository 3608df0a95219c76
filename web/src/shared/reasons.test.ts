import { expect, test } from "vitest";
import server from "../../../src/Vitrine.Core/Jobs/Reason.cs?raw";
import { meaningOf, reasonCodes } from "./reasons";

test("every reason code of the server has words, and no other", () => {
  const codes = [...server.matchAll(/public const string \w+ = "([a-z-]+)"/g)].map((match) => match[1]);
  expect(codes.length).toBeGreaterThan(0);
  expect([...reasonCodes].sort()).toEqual(codes.sort());
});

test("a code of a later server is shown as it is", () => {
  expect(meaningOf("too-modern")).toBe("too-modern");
});
