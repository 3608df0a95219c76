import { Link } from "@tanstack/react-router";
import type { Collection } from "../../shared/api/types";
import { formatAmount, formatCount } from "../../shared/format";
import { ReasonTile, Thumbnail } from "../../shared/pictures/Thumbnail";
import { Icon } from "../../shared/ui/Icon";

export const collectionCaptionHeight = 52;

export function CollectionCard({ collection }: { collection: Collection }) {
  return (
    <Link to="/collections/$collectionId" params={{ collectionId: collection.id }} className="group block rounded-xl" title={placeOf(collection)}>
      <div className="relative aspect-square overflow-hidden rounded-xl bg-sunken">
        <Cover collection={collection} />
        {collection.failed > 0 && (
          <span className="absolute right-2 bottom-2 flex items-center gap-1.5 rounded-full bg-black/65 px-2 py-0.5 text-xs text-white">
            <span className="size-1.5 rounded-full bg-red-400" />
            {formatCount(collection.failed)} failed
          </span>
        )}
      </div>
      <p className="mt-2 flex items-center gap-1.5 text-sm font-medium">
        <Icon name={collection.kind === "directory" ? "folder" : "archive"} className="size-4 shrink-0 text-muted" />
        <span className="truncate group-hover:underline">{collection.name}</span>
      </p>
      <p className="truncate text-xs text-muted">{collection.reason ? "Could not be read" : formatAmount(collection.images, "image")}</p>
    </Link>
  );
}

function Cover({ collection }: { collection: Collection }) {
  if (collection.reason) return <ReasonTile code={collection.reason} />;
  if (!collection.cover) return <div className="size-full" />;
  return (
    <div className="size-full transition-transform duration-300 group-hover:scale-[1.03]">
      <Thumbnail image={collection.cover} alt={`Cover of ${collection.name}`} />
    </div>
  );
}

function placeOf(collection: Collection): string {
  return collection.parentPath ? `${collection.parentPath}/${collection.name}` : collection.name;
}
