import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { ProblemError } from "../../shared/api/problem";
import type { SharedImage } from "../../shared/api/types";
import { formatAmount, formatDay } from "../../shared/format";
import { VirtualGrid } from "../../shared/grid/VirtualGrid";
import { Thumbnail } from "../../shared/pictures/Thumbnail";
import { Logo } from "../../shared/ui/Logo";
import { EmptyState, ErrorNotice } from "../../shared/ui/Notice";
import { useTitle } from "../../shared/useTitle";
import { sharedCollectionQuery, sharedImagesQuery } from "./queries";
import { SharedPicture } from "./SharedPicture";

const captionHeight = 24;

/** Opened with the link's token in the fragment. Another link in the same window is another visit. */
export function SharedPage() {
  const { hash } = useLocation();
  return <Visit key={hash} token={hash} />;
}

function Visit({ token }: { token: string }) {
  const [at, setAt] = useState<number | null>(null);
  const { data: collection, error, refetch } = useQuery(sharedCollectionQuery(token));
  const { data: images, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({ ...sharedImagesQuery(token), enabled: collection !== undefined });
  useTitle(collection?.name);
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);

  if (error instanceof ProblemError && error.status === 404)
    return <EmptyState title="This link shows nothing">It may have expired, or was revoked. Whoever gave it to you can make another one.</EmptyState>;
  const shown = at === null ? undefined : images?.[at];
  return (
    <main className="mx-auto max-w-[110rem] space-y-6 px-4 py-6 sm:px-6">
      <Logo />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {collection && (
        <div>
          <h1 className="truncate text-2xl font-semibold tracking-tight">{collection.name}</h1>
          <p className="text-sm text-muted">
            {formatAmount(collection.images, "image")} · the link works until {formatDay(collection.expiresAt)}
          </p>
        </div>
      )}
      {images && images.length > 0 && (
        <VirtualGrid
          label="Images"
          items={images}
          keyOf={(image) => image.id}
          renderItem={(image) => <Card image={image} onOpen={() => setAt(images.indexOf(image))} />}
          minCardWidth={180}
          captionHeight={captionHeight}
          onNearEnd={loadMore}
        />
      )}
      {shown && images && at !== null && (
        <SharedPicture
          image={shown}
          onClose={() => setAt(null)}
          onPrevious={at > 0 ? () => setAt(at - 1) : undefined}
          onNext={at + 1 < images.length ? () => goTo(at + 1) : undefined}
        />
      )}
    </main>
  );

  /** The list is read on before its end is reached. */
  function goTo(index: number) {
    setAt(index);
    if (images && index + 5 > images.length) loadMore();
  }
}

function Card({ image, onOpen }: { image: SharedImage; onOpen: () => void }) {
  return (
    <button type="button" onClick={onOpen} className="group block w-full rounded-lg text-left" title={image.name}>
      <span className="block aspect-square overflow-hidden rounded-lg bg-sunken transition group-hover:brightness-110">
        <Thumbnail image={image} alt={image.name} />
      </span>
      <span className="mt-1.5 block truncate text-xs text-muted group-hover:text-ink">{image.name}</span>
    </button>
  );
}
