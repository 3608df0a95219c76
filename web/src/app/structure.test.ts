import { expect, test } from "vitest";

const sources = import.meta.glob<string>("../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

/** The ring that a path stands in: "features/viewer", or "shared", "app", "api", "testing". */
function ringOf(path: string): string {
  const [ring = "", feature] = path.replace("../", "").split("/");
  return ring === "features" ? `features/${feature}` : ring.startsWith("./") || path.startsWith("./") ? "app" : ring;
}

function importsOf(path: string, text: string): string[] {
  const base = new URL(path.startsWith("./") ? `../app/${path.slice(2)}` : path, "file:///src/app/");
  return [...text.matchAll(/from "(\.[^"]+)"/g)].map((match) => new URL(match[1]!, base).pathname.replace("/src/", "../"));
}

test("references point from app to features to shared, and never from feature to feature", () => {
  const wrong: string[] = [];
  for (const [path, text] of Object.entries(sources)) {
    if (path.includes(".test.") || path.includes("testing/")) continue;
    const own = ringOf(path);
    for (const target of importsOf(path, text).map(ringOf)) {
      const allowed = own === "app" || target === own || target === "shared" || (own === "shared" && target === "api");
      if (!allowed) wrong.push(`${path} -> ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("files and components keep within their limits", () => {
  for (const [path, text] of Object.entries(sources)) {
    if (path.includes("schema.d.ts")) continue;
    expect(text.split("\n").length, path).toBeLessThanOrEqual(200);
    expect([...text.matchAll(/= useState[(<]/g)].length, path).toBeLessThanOrEqual(5);
  }
});
