import { expect, test } from "vitest";
import { createQueryClient } from "../../app/queryClient";
import { eventually, render } from "../../testing/render";
import { json, serve } from "../../testing/server";
import { SignInPage } from "./SignInPage";

test("where there is a provider, a link leads there and back to this page", async () => {
  serve({ "GET /api/v1/sign-in": json({ oidc: "With the house account" }) });
  const page = await render(createQueryClient(), <SignInPage />);
  await eventually(() => expect(page.querySelector("a")?.textContent).toBe("With the house account"));
  expect(page.querySelector("a")?.getAttribute("href")).toBe("/api/v1/oidc/start?returnTo=%2F");
});

test("where there is none, only the password is asked for", async () => {
  const server = serve({ "GET /api/v1/sign-in": json({ oidc: null }) });
  const page = await render(createQueryClient(), <SignInPage />);
  await eventually(() => expect(server.paths()).toContain("/api/v1/sign-in"));
  expect(page.querySelector("a")).toBeNull();
});
