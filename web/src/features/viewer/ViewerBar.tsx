import { useRights } from "../../shared/api/access";
import type { ImageDetail, Neighbours } from "../../shared/api/types";
import { formatCount } from "../../shared/format";
import { IconButton } from "../../shared/ui/Button";
import { Icon } from "../../shared/ui/Icon";
import { originalUrl } from "./queries";
import type { Action } from "./shortcuts";
import type { View } from "./zoom";

interface ViewerBarProps {
  image: ImageDetail | undefined;
  neighbours: Neighbours | undefined;
  view: View;
  onAction: (action: Action) => void;
}

export function ViewerBar({ image, neighbours, view, onAction }: ViewerBarProps) {
  const { canOpenOriginals } = useRights();
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 px-2 text-zinc-300 [&_a:hover]:bg-white/10 [&_button:hover]:bg-white/10">
      <IconButton label="Back to the collection" icon="close" onClick={() => onAction("close")} />
      <div className="min-w-0 flex-1 px-2">
        <h1 className="truncate text-sm font-medium text-white">{image?.name}</h1>
        <p className="truncate text-xs text-zinc-400">{image?.collectionName}</p>
      </div>
      {neighbours && (
        <p className="px-2 text-sm whitespace-nowrap tabular-nums" aria-label={`Image ${neighbours.index + 1} of ${neighbours.count}`}>
          {formatCount(neighbours.index + 1)} / {formatCount(neighbours.count)}
        </p>
      )}
      <div className="hidden items-center gap-1 sm:flex">
        <IconButton label="Zoom out" icon="minus" onClick={() => onAction("zoomOut")} />
        <button type="button" title="Fit the screen" onClick={() => onAction("fit")} className="h-9 w-14 rounded-lg text-sm tabular-nums">
          {Math.round(view.zoom * 100)}%
        </button>
        <IconButton label="Zoom in" icon="plus" onClick={() => onAction("zoomIn")} />
        <IconButton label="Full screen" icon="fullScreen" onClick={() => onAction("fullScreen")} />
      </div>
      <IconButton label="Facts" icon="info" onClick={() => onAction("info")} />
      {image && canOpenOriginals && (
        <a
          href={originalUrl(image.id)}
          target="_blank"
          rel="noreferrer"
          aria-label="Open the original"
          title="Open the original"
          className="inline-flex size-9 items-center justify-center rounded-lg"
        >
          <Icon name="original" />
        </a>
      )}
      <IconButton label="Keys" icon="help" className="hidden sm:inline-flex" onClick={() => onAction("help")} />
    </header>
  );
}
