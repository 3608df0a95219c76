import { useEffect } from "react";
import type { SharedImage } from "../../shared/api/types";
import { usePicture } from "../../shared/pictures/usePicture";
import { ReasonTile } from "../../shared/pictures/Thumbnail";
import { IconButton } from "../../shared/ui/Button";

interface SharedPictureProps {
  image: SharedImage;
  onClose: () => void;
  /** Undefined: there is none. */
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** One picture over the whole window; keys and buttons page through the collection. */
export function SharedPicture({ image, onClose, onPrevious, onNext }: SharedPictureProps) {
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === "Escape") onClose();
      else if (key === "ArrowLeft") onPrevious?.();
      else if (key === "ArrowRight") onNext?.();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onClose, onPrevious, onNext]);

  const turn = "absolute top-1/2 size-12! -translate-y-1/2 rounded-full! bg-black/40 hover:bg-black/70!";
  return (
    <div role="dialog" aria-modal="true" aria-label={image.name} className="fixed inset-0 z-30 flex flex-col bg-black text-white [color-scheme:dark]">
      <header className="flex items-center justify-between gap-4 p-2 pl-4">
        <p className="truncate text-sm">{image.name}</p>
        <IconButton label="Close" icon="close" autoFocus onClick={onClose} className="hover:bg-white/10!" />
      </header>
      <div className="relative min-h-0 flex-1">
        {image.state === "failed" || image.state === "skipped" ? <ReasonTile code={image.reason ?? "corrupt"} skipped={image.state === "skipped"} /> : <Shown key={image.id} image={image} />}
        <IconButton label="Previous image" icon="left" disabled={!onPrevious} onClick={onPrevious} className={`${turn} left-3`} />
        <IconButton label="Next image" icon="right" disabled={!onNext} onClick={onNext} className={`${turn} right-3`} />
      </div>
    </div>
  );
}

/** The thumbnail stands until the larger picture is there. */
function Shown({ image }: { image: SharedImage }) {
  const { thumbnail, display } = image.urls;
  const small = usePicture(thumbnail?.includes("v=") ? thumbnail : undefined);
  const large = usePicture(display ?? thumbnail);
  const src = large.src ?? small.src;
  return (
    <>
      {src && <img src={src} alt={image.name} draggable={false} className="size-full object-contain" />}
      {!large.src && (large.error || large.isBeingMade) && (
        <p role="status" className="absolute inset-x-0 bottom-6 mx-auto w-fit max-w-[90%] rounded-full bg-black/70 px-4 py-2 text-sm">
          {large.error ? large.error.message : "This picture is being made…"}
        </p>
      )}
    </>
  );
}
