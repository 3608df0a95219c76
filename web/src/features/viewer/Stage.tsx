import { useRef, useState } from "react";
import type { Image } from "../../shared/api/types";
import { useBox } from "../../shared/grid/useBox";
import { usePicture } from "../../shared/pictures/usePicture";
import { usePlaceholder } from "../../shared/pictures/usePlaceholder";
import { usePointers } from "./usePointers";
import { fitSize, heldOnStage, type Size, type View } from "./zoom";

interface StageProps {
  image: Image;
  view: View;
  onView: (change: (view: View) => View) => void;
  onSwipe: (direction: "previous" | "next") => void;
}

/** The picture, as large as it fits: its ThumbHash, above it the thumbnail, above that the display picture as soon as it is there. */
export function Stage({ image, view, onView, onSwipe }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const box = useBox(stage) ?? { width: 0, height: 0 };
  const [natural, setNatural] = useState<Size | null>(null);
  const [shown, setShown] = useState(false);
  const placeholder = usePlaceholder(image);
  const { thumbnail } = image.urls;
  const small = usePicture(thumbnail?.includes("v=") ? thumbnail : undefined);
  const large = usePicture(image.urls.display);

  // The size is not known before an image was decoded once; then the picture itself tells it.
  const size = image.width > 0 && image.height > 0 ? image : (natural ?? { width: 640, height: 480 });
  const fit = fitSize(size, box);
  const held = heldOnStage(view, fit, box);
  const pointers = usePointers({ stage, fit, view: held, onView, onSwipe });
  const isMovable = fit.width * held.zoom > box.width || fit.height * held.zoom > box.height;

  return (
    <div ref={stage} {...pointers} className={`relative size-full touch-none overflow-hidden select-none ${isMovable ? "cursor-grab active:cursor-grabbing" : ""}`}>
      <div
        className="absolute top-1/2 left-1/2 overflow-hidden"
        style={{
          ...(shown ? {} : placeholder),
          width: fit.width * held.zoom,
          height: fit.height * held.zoom,
          transform: `translate(calc(-50% + ${held.x}px), calc(-50% + ${held.y}px))`,
        }}
      >
        {small.src && !shown && <img src={small.src} alt="" draggable={false} className="absolute inset-0 size-full object-contain" />}
        {large.src && (
          <img
            src={large.src}
            alt={image.name}
            decoding="sync"
            draggable={false}
            onLoad={({ currentTarget }) => {
              setNatural({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight });
              setShown(true);
            }}
            className="absolute inset-0 size-full object-contain"
          />
        )}
      </div>
      <Message error={large.error} isBeingMade={large.isBeingMade} onRetry={large.retry} />
    </div>
  );
}

function Message({ error, isBeingMade, onRetry }: { error: Error | null; isBeingMade: boolean; onRetry: () => void }) {
  if (!error && !isBeingMade) return null;
  return (
    <p role="status" className="absolute inset-x-0 bottom-6 mx-auto flex w-fit max-w-[90%] items-center gap-3 rounded-full bg-black/70 px-4 py-2 text-sm">
      {error ? error.message : "This picture is being made…"}
      {error && (
        <button type="button" className="underline underline-offset-2" onClick={onRetry}>
          Try again
        </button>
      )}
    </p>
  );
}
