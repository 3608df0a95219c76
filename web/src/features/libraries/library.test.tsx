import { act } from "react";
import { expect, test } from "vitest";
import { createQueryClient } from "../../app/queryClient";
import { aJob, aLibrary } from "../../testing/fixtures";
import { eventually, render } from "../../testing/render";
import { json, serve } from "../../testing/server";
import { AddLibrary } from "./AddLibrary";
import { HeldChange } from "./HeldChange";
import { ScanButton } from "./ScanButton";

const session = json({ user: { name: "admin" }, role: "Admin" });

test("a held change says what it is and is applied by whoever may", async () => {
  const held = { applying: false, removed: 412, redone: 1, scanId: "9", since: "2026-01-01T00:00:00Z" };
  const server = serve({
    "GET /api/v1/session": session,
    "POST /api/v1/libraries/1/brake/approve": json(aLibrary()),
  });
  const page = await render(createQueryClient(), <HeldChange library={aLibrary({ held })} />);
  await eventually(() => expect(page.textContent).toContain("412 originals are gone and 1 is another picture now"));
  await eventually(() => expect(buttonOf(page, "Apply it")).toBeTruthy());
  await act(async () => buttonOf(page, "Apply it")!.click());
  await eventually(() => expect(server.paths()).toContain("/api/v1/libraries/1/brake/approve"));
});

test("what is being applied asks nobody", async () => {
  serve({ "GET /api/v1/session": session });
  const held = { applying: true, removed: 412, redone: 0, scanId: "9", since: "2026-01-01T00:00:00Z" };
  const page = await render(createQueryClient(), <HeldChange library={aLibrary({ held })} />);
  expect(page.textContent).toBe("");
});

test("a scan is started in the mode that is chosen", async () => {
  const server = serve({ "GET /api/v1/session": session, "POST /api/v1/libraries/1/scan": json(aJob(), 202) });
  const page = await render(createQueryClient(), <ScanButton library={aLibrary()} />);
  await eventually(() => expect(page.querySelector("select")).toBeTruthy());
  await act(async () => {
    const select = page.querySelector("select")!;
    Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value")!.set!.call(select, "overwrite");
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await act(async () => buttonOf(page, "Scan again")!.click());
  await eventually(() => expect(server.asked.map((request) => new URL(request.url).search)).toContain("?mode=overwrite"));
});

test("each directory in a folder becomes a library, and those that cannot are named", async () => {
  const refused = { root: "/srv/a", library: null, code: "inside-library", detail: "'/srv/a' lies inside the library 'all'." };
  const server = serve({ "POST /api/v1/libraries/batch": json({ items: [refused, { root: "/srv/b", library: aLibrary(), code: null, detail: null }], next: null }) });
  const page = await render(createQueryClient(), <AddLibrary onClose={() => expect.fail("closed, with something to read")} />);
  await act(async () => document.querySelector<HTMLInputElement>("input[type=checkbox]")!.click());
  document.querySelector<HTMLInputElement>("input[name=root]")!.value = "/srv";
  document.querySelector<HTMLInputElement>("input[name=match]")!.value = "vol*";
  await act(async () => document.querySelector("form")!.requestSubmit());
  await eventually(() => expect(document.body.textContent).toContain("lies inside the library"));
  expect(await server.asked.at(-1)!.json()).toEqual({ below: "/srv", match: "vol*" });
  expect(page).toBeTruthy();
});

function buttonOf(page: HTMLElement, label: string): HTMLButtonElement | undefined {
  return [...page.querySelectorAll("button")].find((button) => button.textContent === label);
}
