import { useState } from "react";
import type { Picture } from "../api/types";
import { meaningOf } from "../reasons";
import { Icon } from "../ui/Icon";
import { usePicture } from "./usePicture";
import { usePlaceholder } from "./usePlaceholder";

/** A picture in a grid: placeholder first, then the thumbnail, or the reason why there is none. It fills its parent. */
export function Thumbnail({ image, alt }: { image: Picture; alt: string }) {
  if (image.state === "failed" || image.state === "skipped") return <ReasonTile code={image.reason ?? "corrupt"} skipped={image.state === "skipped"} />;
  return <LoadingThumbnail image={image} alt={alt} />;
}

function LoadingThumbnail({ image, alt }: { image: Picture; alt: string }) {
  const placeholder = usePlaceholder(image);
  const { src, error } = usePicture(image.urls.thumbnail);
  const [shown, setShown] = useState(false);
  return (
    <div className="size-full bg-sunken" style={placeholder}>
      {src && (
        <img
          src={src}
          alt={alt}
          draggable={false}
          onLoad={() => setShown(true)}
          className={`size-full object-cover transition-opacity duration-200 ${shown ? "" : "opacity-0"}`}
        />
      )}
      {!src && <span className="sr-only">{alt}</span>}
      {error && !src && <p className="p-3 text-xs text-muted">{error.message}</p>}
    </div>
  );
}

/** Stands where a picture or a collection could not be read. */
export function ReasonTile({ code, skipped = false }: { code: string; skipped?: boolean }) {
  return (
    <div className="flex size-full flex-col items-center justify-center gap-2 bg-sunken p-3 text-center" title={code}>
      <Icon name={skipped ? "skipped" : "warning"} className={`size-6 shrink-0 ${skipped ? "text-muted" : "text-danger"}`} />
      <p className="line-clamp-4 text-xs text-muted">{meaningOf(code)}</p>
    </div>
  );
}
