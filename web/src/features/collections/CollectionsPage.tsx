import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { librariesQuery } from "../../shared/api/queries";
import { VirtualGrid } from "../../shared/grid/VirtualGrid";
import { useCoversInView } from "../../shared/pictures/openView";
import { EmptyState, ErrorNotice } from "../../shared/ui/Notice";
import { useTitle } from "../../shared/useTitle";
import { CardSizeChoice } from "./CardSizeChoice";
import { cardWidths, useCardSize } from "./cardSize";
import { CollectionCard, collectionCaptionHeight } from "./CollectionCard";
import { CollectionFilters } from "./CollectionFilters";
import { collectionsQuery } from "./queries";
import type { CollectionSearch } from "./search";

interface CollectionsPageProps {
  search: CollectionSearch;
  onSearch: (change: CollectionSearch) => void;
}

export function CollectionsPage({ search, onSearch }: CollectionsPageProps) {
  useTitle("Collections");
  const [size, setSize] = useCardSize();
  const { data: collections, error, isPlaceholderData, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    ...collectionsQuery(search),
    placeholderData: keepPreviousData,
  });
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const [shown, setShown] = useState({ first: 0, end: 0 });
  const show = useCallback((first: number, end: number) => setShown({ first, end }), []);
  useCoversInView(collections?.slice(shown.first, shown.end) ?? []);

  return (
    <>
      <div className="mb-6 flex flex-wrap items-center gap-x-4 gap-y-3">
        <h1 className="flex-1 text-2xl sm:flex-none font-semibold tracking-tight">Collections</h1>
        <CollectionFilters value={search} onChange={onSearch} />
        <CardSizeChoice size={size} onChange={setSize} />
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {collections?.length === 0 && <NoCollections filtered={Boolean(search.search)} />}
      {collections && collections.length > 0 && (
        <div className={isPlaceholderData ? "opacity-50 transition-opacity" : ""}>
          <VirtualGrid
            // Another list starts at its top, with the focus and rows of its own.
            key={JSON.stringify(isPlaceholderData ? "before" : search)}
            label="Collections"
            items={collections}
            keyOf={(collection) => collection.id}
            renderItem={(collection) => <CollectionCard collection={collection} />}
            minCardWidth={cardWidths[size]}
            captionHeight={collectionCaptionHeight}
            onNearEnd={loadMore}
            onShown={show}
          />
        </div>
      )}
    </>
  );
}

function NoCollections({ filtered }: { filtered: boolean }) {
  const { data: libraries } = useQuery(librariesQuery);
  if (filtered) return <EmptyState title="Nothing found">No collection has these words in its name.</EmptyState>;
  if (libraries && libraries.length > 0) return <EmptyState title="No collections yet">They appear here as the scan finds them.</EmptyState>;
  return (
    <EmptyState title="No collections yet">
      <p>Collections come from libraries, and there is none yet.</p>
      <Link to="/libraries" className="text-accent underline underline-offset-2">
        Go to the libraries
      </Link>
    </EmptyState>
  );
}
