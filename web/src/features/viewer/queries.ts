import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../../shared/api/http";
import { addressOf } from "../../shared/api/place";
import type { Image, Neighbours } from "../../shared/api/types";
import { tellImageInView } from "../../shared/pictures/openView";
import { pictureKey, pictureQuery } from "../../shared/pictures/pictureQuery";

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

const restMilliseconds = 120;

/**
 * Loads what the next key press will show, the following image first. The facts come at once, so that a held key pages on
 * without a pause; the pictures, which are large, only when the paging rests. Those of images passed over are given up.
 * Returns what ends the waiting.
 */
export function preload(client: QueryClient, current: Image, { previous, next }: Neighbours): () => void {
  const near = [next, previous].filter((image) => image !== null);
  for (const { id } of near) {
    void client.prefetchQuery(imageQuery(id));
    void client.prefetchQuery(neighboursQuery(id));
  }
  const pictures = near.filter((image) => !isBroken(image)).flatMap((image) => image.urls.display ?? []);
  cancelPictures(client, [...pictures, current.urls.display]);
  const timer = setTimeout(() => {
    tellImageInView(current.id);
    pictures.forEach((url) => void client.prefetchQuery(pictureQuery(url)));
  }, restMilliseconds);
  return () => clearTimeout(timer);
}

/** Ends the loading of pictures that nothing shows and nobody will look at next. */
function cancelPictures(client: QueryClient, wanted: readonly (string | undefined)[]): void {
  const isUnwanted = (url: unknown) => typeof url === "string" && !wanted.includes(url);
  void client.cancelQueries({ type: "inactive", predicate: ({ queryKey }) => queryKey[0] === pictureKey && isUnwanted(queryKey[1]) });
}

export function isBroken(image: Pick<Image, "state">): boolean {
  return image.state === "failed" || image.state === "skipped";
}

export function originalUrl(id: string): string {
  return addressOf(`/api/v1/images/${encodeURIComponent(id)}/original`);
}
