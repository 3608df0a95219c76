import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import type { Collection } from "../../shared/api/types";
import { formatAmount, formatBytes, formatCount, formatDay } from "../../shared/format";
import { VirtualGrid } from "../../shared/grid/VirtualGrid";
import { lastViewedIn } from "../../shared/lastViewed";
import { meaningOf } from "../../shared/reasons";
import { EmptyState, ErrorNotice } from "../../shared/ui/Notice";
import { useTitle } from "../../shared/useTitle";
import { CardSizeChoice } from "./CardSizeChoice";
import { cardWidths, useCardSize } from "./cardSize";
import { ImageCard, imageCaptionHeight } from "./ImageCard";
import { collectionQuery, imagesQuery } from "./queries";

interface CollectionPageProps {
  collectionId: string;
  /** What can be done with it beyond looking at it. */
  actions?: ReactNode;
}

export function CollectionPage({ collectionId, actions }: CollectionPageProps) {
  // Whoever comes back from the viewer goes on where the viewer was left.
  const [at] = useState(() => lastViewedIn(collectionId));
  const [size, setSize] = useCardSize();
  const { data: collection, error: collectionError } = useQuery(collectionQuery(collectionId));
  const { data: images, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(imagesQuery(collectionId));
  useTitle(collection?.name);
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const loaded = images?.length ?? 0;
  useEffect(() => {
    if (at !== undefined && loaded > 0 && loaded <= at) loadMore();
  }, [at, loaded, loadMore]);

  if (collectionError) return <ErrorNotice error={collectionError} />;
  return (
    <>
      <div className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        {collection ? <Heading collection={collection} /> : <div className="h-16" />}
        <div className="flex items-center gap-3">
          {actions}
          <CardSizeChoice size={size} onChange={setSize} />
        </div>
      </div>
      {collection?.reason && <p className="mb-6 rounded-lg border border-danger/40 bg-danger/10 px-4 py-3 text-sm">{meaningOf(collection.reason)}</p>}
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {images && loaded === 0 && !collection?.reason && <EmptyState title="No images here" />}
      {images && loaded > 0 && (
        <VirtualGrid
          key={collectionId}
          label="Images"
          items={images}
          keyOf={(image) => image.id}
          renderItem={(image) => <ImageCard image={image} />}
          minCardWidth={cardWidths[size]}
          captionHeight={imageCaptionHeight}
          onNearEnd={loadMore}
          startAt={at}
        />
      )}
    </>
  );
}

function Heading({ collection }: { collection: Collection }) {
  return (
    <div className="min-w-0">
      <nav aria-label="Place" className="truncate text-xs text-muted">
        <Link to="/collections" search={{ library: collection.libraryId }} className="hover:text-ink hover:underline">
          Collections
        </Link>
        {collection.parentPath && ` / ${collection.parentPath.split("/").join(" / ")}`}
      </nav>
      <h1 className="truncate text-2xl font-semibold tracking-tight">{collection.name}</h1>
      <p className="text-sm text-muted">
        {formatAmount(collection.images, "image")}
        {collection.bytes > 0 && ` · ${formatBytes(collection.bytes)} in the cache`} · {formatDay(collection.updatedAt)}
        {collection.failed > 0 && <span className="text-danger"> · {formatCount(collection.failed)} failed</span>}
        {collection.skipped > 0 && <span className="text-warning"> · {formatCount(collection.skipped)} skipped</span>}
      </p>
    </div>
  );
}
