import { Link } from "@tanstack/react-router";
import type { Image } from "../../shared/api/types";
import { Thumbnail } from "../../shared/pictures/Thumbnail";

export const imageCaptionHeight = 24;

export function ImageCard({ image }: { image: Image }) {
  return (
    <Link to="/images/$imageId" params={{ imageId: image.id }} className="group block rounded-lg" title={image.name}>
      <div className="aspect-square overflow-hidden rounded-lg bg-sunken transition group-hover:brightness-110">
        <Thumbnail image={image} alt={image.name} />
      </div>
      <p className="mt-1.5 truncate text-xs text-muted group-hover:text-ink">{image.name}</p>
    </Link>
  );
}
