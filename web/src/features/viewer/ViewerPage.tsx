import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useRights } from "../../shared/api/access";
import { ErrorNotice } from "../../shared/ui/Notice";
import { IconButton } from "../../shared/ui/Button";
import { rememberViewed } from "../../shared/lastViewed";
import { useTitle } from "../../shared/useTitle";
import { BrokenImage } from "./BrokenImage";
import { ImageFacts } from "./ImageFacts";
import { imageQuery, isBroken, neighboursQuery, originalUrl, preload } from "./queries";
import { ShortcutHelp } from "./ShortcutHelp";
import type { Action } from "./shortcuts";
import { Stage } from "./Stage";
import { toggleFullScreen, useActions } from "./useActions";
import { ViewerBar } from "./ViewerBar";
import { fitted, zoomAt, zoomStep } from "./zoom";

interface ViewerPageProps {
  imageId: string;
  onImage: (imageId: string) => void;
  onClose: (collectionId: string | undefined) => void;
}

export function ViewerPage({ imageId, onImage, onClose }: ViewerPageProps) {
  const client = useQueryClient();
  const { canOpenOriginals } = useRights();
  const { data: image, error } = useQuery(imageQuery(imageId));
  const { data: neighbours } = useQuery(neighboursQuery(imageId));
  const [zoomed, setZoomed] = useState({ imageId, view: fitted });
  const [open, setOpen] = useState({ facts: false, help: false });
  useTitle(image?.name);

  // Another image starts fitted to the screen.
  const view = zoomed.imageId === imageId ? zoomed.view : fitted;
  const changeView = (change: (before: typeof view) => typeof view) =>
    setZoomed((before) => ({ imageId, view: change(before.imageId === imageId ? before.view : fitted) }));

  useEffect(() => {
    if (!neighbours || !image) return;
    rememberViewed(image.collectionId, neighbours.index);
    return preload(client, image, neighbours);
  }, [client, image, neighbours]);

  const actions: Record<Action, () => void> = {
    previous: () => neighbours?.previous && onImage(neighbours.previous.id),
    next: () => neighbours?.next && onImage(neighbours.next.id),
    close: () => onClose(image?.collectionId),
    zoomIn: () => changeView((before) => zoomAt(before, zoomStep)),
    zoomOut: () => changeView((before) => zoomAt(before, 1 / zoomStep)),
    fit: () => changeView(() => fitted),
    fullScreen: toggleFullScreen,
    info: () => setOpen((before) => ({ ...before, facts: !before.facts })),
    original: () => canOpenOriginals && window.open(originalUrl(imageId), "_blank", "noopener"),
    help: () => setOpen((before) => ({ ...before, help: true })),
  };
  const act = (action: Action) => actions[action]();
  useActions(act);

  return (
    <main className="fixed inset-0 flex flex-col bg-black text-white [color-scheme:dark]">
      <ViewerBar image={image} neighbours={neighbours} view={view} onAction={act} />
      <div className="relative min-h-0 flex-1">
        {error && (
          <div className="mx-auto max-w-lg p-8">
            <ErrorNotice error={error} />
          </div>
        )}
        {image && (isBroken(image) ? <BrokenImage image={image} /> : <Stage key={image.id} image={image} view={view} onView={changeView} onSwipe={act} />)}
        {image && open.facts && <ImageFacts image={image} />}
        <Turn side="left" label="Previous image" disabled={!neighbours?.previous} onClick={actions.previous} />
        <Turn side="right" label="Next image" disabled={!neighbours?.next} onClick={actions.next} />
      </div>
      {open.help && <ShortcutHelp onClose={() => setOpen((before) => ({ ...before, help: false }))} />}
    </main>
  );
}

function Turn({ side, label, disabled, onClick }: { side: "left" | "right"; label: string; disabled: boolean; onClick: () => void }) {
  return (
    <IconButton
      label={label}
      icon={side}
      disabled={disabled}
      onClick={onClick}
      className={`absolute top-1/2 size-12! -translate-y-1/2 rounded-full! bg-black/40 text-white hover:bg-black/70! ${side === "left" ? "left-3" : "right-3"}`}
    />
  );
}
