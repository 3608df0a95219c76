import { useRights } from "../../shared/api/access";
import type { Image } from "../../shared/api/types";
import { meaningOf } from "../../shared/reasons";
import { Icon } from "../../shared/ui/Icon";
import { originalUrl } from "./queries";

/** In place of a picture that could not be made. */
export function BrokenImage({ image }: { image: Image }) {
  const { canOpenOriginals } = useRights();
  const skipped = image.state === "skipped";
  return (
    <div className="grid size-full place-items-center p-8 text-center">
      <div className="max-w-md space-y-3">
        <Icon name={skipped ? "skipped" : "warning"} className={`mx-auto size-10 ${skipped ? "text-zinc-400" : "text-red-400"}`} />
        <h2 className="text-lg font-semibold">{skipped ? "This image was left out" : "This image could not be read"}</h2>
        <p className="text-sm text-zinc-300">
          {meaningOf(image.reason ?? "corrupt")} <code className="text-zinc-500">{image.reason}</code>
        </p>
        {canOpenOriginals && (
          <a href={originalUrl(image.id)} target="_blank" rel="noreferrer" className="inline-block text-sm underline underline-offset-2">
            Open the original
          </a>
        )}
      </div>
    </div>
  );
}
