import { useMemo, type CSSProperties } from "react";
import type { Image } from "../api/types";
import { thumbHashUrl } from "./thumbHash";

/** What stands in a picture's place until it is there: its ThumbHash over its main colour. */
export function usePlaceholder(image: Pick<Image, "thumbHash" | "color">): CSSProperties {
  const { thumbHash, color } = image;
  return useMemo(() => {
    const url = thumbHashUrl(thumbHash);
    return {
      backgroundColor: color && /^[0-9a-f]{6}$/i.test(color) ? `#${color}` : undefined,
      backgroundImage: url ? `url("${url}")` : undefined,
      backgroundSize: "cover",
      backgroundPosition: "center",
    };
  }, [thumbHash, color]);
}
