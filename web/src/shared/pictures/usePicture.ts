import { useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useState } from "react";
import { NotReadyError, pictureQuery } from "./pictureQuery";

/** The picture as a URL for `<img>`. While a newer URL of the same picture loads, the one before stays. */
export function usePicture(url: string | undefined) {
  const { data, error, failureReason, refetch } = useQuery({
    ...pictureQuery(url ?? ""),
    enabled: url !== undefined,
    placeholderData: (previous, query) => (samePicture(query?.queryKey[1], url) ? previous : undefined),
  });
  const isBeingMade = !data && !error && failureReason instanceof NotReadyError;
  return { src: useObjectUrl(data), error, isBeingMade, retry: () => void refetch() };
}

function samePicture(before: unknown, now: string | undefined): boolean {
  return typeof before === "string" && now !== undefined && before.split("?")[0] === now.split("?")[0];
}

/** Set before the browser paints, so that a picture that is there already does not flash. */
function useObjectUrl(blob: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useLayoutEffect(() => {
    if (!blob) return;
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => {
      setUrl(undefined);
      URL.revokeObjectURL(made);
    };
  }, [blob]);
  return url;
}
