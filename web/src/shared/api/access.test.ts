import { QueryClient } from "@tanstack/react-query";
import { expect, onTestFinished, test } from "vitest";
import { json, problem, serve } from "../../testing/server";
import { accessQuery, signedIn, signedOut, watchRefusals } from "./access";
import { api, dataOf } from "./http";
import { librariesQuery } from "./queries";

function start() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  onTestFinished(watchRefusals(client));
  return { client, kind: () => client.getQueryData(accessQuery.queryKey)?.kind };
}

test("a 401 of any request leads to the sign-in", async () => {
  const { client, kind } = start();
  signedIn(client, { name: "anna", role: "Viewer", scopes: ["view"] });
  serve({ "GET /api/v1/libraries": problem(401, "unauthenticated") });
  await expect(client.fetchQuery(librariesQuery)).rejects.toMatchObject({ status: 401 });
  expect(kind()).toBe("signed-out");
});

test("a 503 set-up-needed leads to the page that says where the link is; another 503 does not", async () => {
  const { client, kind } = start();
  signedIn(client, { name: "anna", role: "Viewer", scopes: ["view"] });
  serve({ "GET /api/v1/libraries": problem(503, "not-ready") });
  await expect(client.fetchQuery(librariesQuery)).rejects.toMatchObject({ code: "not-ready" });
  expect(kind()).toBe("signed-in");
  serve({ "GET /api/v1/libraries": problem(503, "set-up-needed") });
  await expect(client.fetchQuery(librariesQuery)).rejects.toMatchObject({ code: "set-up-needed" });
  expect(kind()).toBe("set-up-needed");
});

test("the start asks who is signed in, and both refusals are answers", async () => {
  const { client } = start();
  serve({ "GET /api/v1/session": problem(401, "unauthenticated") });
  await expect(client.fetchQuery({ ...accessQuery, staleTime: 0 })).resolves.toEqual({ kind: "signed-out" });
  serve({ "GET /api/v1/session": json({ name: "anna", role: "Admin" }) });
  await expect(client.fetchQuery({ ...accessQuery, staleTime: 0 })).resolves.toMatchObject({ kind: "signed-in" });
});

test("signing out forgets what was read", () => {
  const { client, kind } = start();
  client.setQueryData(librariesQuery.queryKey, []);
  signedOut(client);
  expect(client.getQueryData(librariesQuery.queryKey)).toBeUndefined();
  expect(kind()).toBe("signed-out");
});

test("unsafe requests carry X-Vitrine, safe ones do not need it", async () => {
  const { asked } = serve({ "POST /api/v1/session": json({ name: "anna", role: "Admin" }), "GET /api/v1/session": json({ name: "anna", role: "Admin" }) });
  await dataOf(api.POST("/api/v1/session", { body: { name: "anna", password: "x" } }));
  await dataOf(api.GET("/api/v1/session"));
  expect(asked.map((request) => request.headers.get("X-Vitrine"))).toEqual(["1", null]);
});

test("a problem is shown by its detail; a body that is none still gives the status", async () => {
  serve({ "GET /api/v1/session": problem(400, "path-refused", "There is no such folder."), "GET /api/v1/libraries": () => new Response("<html>", { status: 502 }) });
  await expect(dataOf(api.GET("/api/v1/session"))).rejects.toMatchObject({ message: "There is no such folder.", code: "path-refused" });
  await expect(dataOf(api.GET("/api/v1/libraries"))).rejects.toMatchObject({ message: "The server answered 502." });
});
