import { useQuery } from "@tanstack/react-query";
import { unreadQuery } from "../../shared/api/queries";
import type { UnreadFiles as Unread } from "../../shared/api/types";
import { formatCount } from "../../shared/format";

const shown = 8;

/** Files of a library that are not shown, by extension: unsupported pictures first, then videos and all else. */
export function UnreadFiles({ libraryId }: { libraryId: string }) {
  const { data: files } = useQuery(unreadQuery(libraryId));
  if (!files || files.length === 0) return null;
  return (
    <div className="space-y-1 text-xs">
      <Line label="Pictures that are not read" files={files.filter((file) => file.listed)} />
      <Line label="Videos" files={files.filter((file) => file.kind === "video")} />
      <Line label="Other files" files={files.filter((file) => !file.listed && file.kind !== "video")} />
    </div>
  );
}

function Line({ label, files }: { label: string; files: Unread[] }) {
  if (files.length === 0) return null;
  const sum = files.reduce((all, file) => all + file.files, 0);
  return (
    <p className="text-muted">
      {label}: {formatCount(sum)} (
      {files
        .slice(0, shown)
        .map((file) => `${formatCount(file.files)} ${file.extension ? `.${file.extension}` : "without extension"}`)
        .join(", ")}
      {files.length > shown && ", …"})
    </p>
  );
}
