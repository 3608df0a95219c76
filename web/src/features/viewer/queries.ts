import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../../shared/api/http";
import type { Image, Neighbours } from "../../shared/api/types";
import { pictureQuery } from "../../shared/pictures/pictureQuery";

const staleTime = 30_000;

export function imageQuery(id: string) {
  return queryOptions({
    queryKey: ["image", id],
    queryFn: ({ signal }) => dataOf(api.GET("/api/v1/images/{id}", { params: { path: { id } }, signal })),
    staleTime,
  });
}

export function neighboursQuery(id: string) {
  return queryOptions({
    queryKey: ["neighbours", id],
    queryFn: ({ signal }) => dataOf(api.GET("/api/v1/images/{id}/neighbours", { params: { path: { id } }, signal })),
    staleTime,
  });
}

/** Loads what the next key press will show, the following image first. */
export async function preload(client: QueryClient, { previous, next }: Neighbours): Promise<void> {
  for (const image of [next, previous]) {
    if (image) await preloadOne(client, image);
  }
}

async function preloadOne(client: QueryClient, image: Image): Promise<void> {
  const { display } = image.urls;
  await Promise.all([
    client.prefetchQuery(imageQuery(image.id)),
    client.prefetchQuery(neighboursQuery(image.id)),
    display && !isBroken(image) && client.prefetchQuery(pictureQuery(display)),
  ]);
}

export function isBroken(image: Pick<Image, "state">): boolean {
  return image.state === "failed" || image.state === "skipped";
}

export function originalUrl(id: string): string {
  return `/api/v1/images/${encodeURIComponent(id)}/original`;
}
