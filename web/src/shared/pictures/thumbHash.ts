import { thumbHashToDataURL } from "thumbhash";

/** A ThumbHash as a tiny PNG in a data: URL. One that cannot be read gives null: the placeholder is then a plain colour. */
export function thumbHashUrl(base64: string | null): string | null {
  if (!base64) return null;
  try {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    // Five bytes are the header; the decoder reads beyond a shorter hash without noticing.
    return bytes.length < 5 ? null : thumbHashToDataURL(bytes);
  } catch {
    return null;
  }
}
