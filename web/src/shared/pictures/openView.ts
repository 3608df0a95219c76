import { useEffect } from "react";
import { api } from "../api/http";
import type { Collection } from "../api/types";
import { useDebounced } from "../useDebounced";

const restMilliseconds = 200;
/** What the server takes of one view. */
const mostCollections = 200;

/** Tells the server which collections are on the screen, once the scrolling rests, so that their covers are made first. */
export function useCoversInView(collections: readonly Collection[]): void {
  const waiting = useDebounced(coversToMake(collections).join(" "), restMilliseconds);
  useEffect(() => {
    if (waiting) tell({ collectionIds: waiting.split(" ") });
  }, [waiting]);
}

/** Tells the server which image is looked at, so that those behind it are made before they are asked for. */
export function tellImageInView(imageId: string): void {
  tell({ imageId, preset: "display" });
}

/** Those whose cover is neither made nor known to be broken. */
export function coversToMake(collections: readonly Collection[]): string[] {
  const isWaiting = ({ cover }: Collection) => cover && ["new", "ready"].includes(cover.state) && !cover.urls.thumbnail?.includes("v=");
  return collections
    .filter(isWaiting)
    .slice(0, mostCollections)
    .map(({ id }) => id);
}

/** A hint: whether it arrives changes only what is made first. */
function tell(body: { collectionIds?: string[]; imageId?: string; preset?: string }): void {
  void api.POST("/api/v1/view", { body }).catch(() => undefined);
}
