/** Where the viewer was last, so that the grid it returns to shows that place, by whichever way one returns. */
let last: { collectionId: string; index: number } | null = null;

export function rememberViewed(collectionId: string, index: number): void {
  last = { collectionId, index };
}

export function lastViewedIn(collectionId: string): number | undefined {
  return last?.collectionId === collectionId ? last.index : undefined;
}
