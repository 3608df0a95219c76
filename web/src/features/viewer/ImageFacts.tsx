import type { ImageDetail } from "../../shared/api/types";
import { formatBytes, formatCount } from "../../shared/format";

export function ImageFacts({ image }: { image: ImageDetail }) {
  const place = [image.parentPath, image.collectionName].filter(Boolean).join("/");
  const facts: [name: string, value: string | null][] = [
    ["Name", image.name],
    ["Collection", place],
    ["Size", image.width > 0 ? `${formatCount(image.width)} × ${formatCount(image.height)}` : null],
    ["Format", image.format],
    ["File", formatBytes(image.size)],
    ["Frames", image.frames > 1 ? formatCount(image.frames) : null],
    ["State", image.damaged ? "Damaged: shown as far as it can be read" : null],
  ];
  return (
    <aside aria-label="Facts" className="absolute top-2 right-3 z-10 w-72 max-w-[90vw] rounded-xl bg-zinc-900/90 p-4 text-sm shadow-xl backdrop-blur">
      <dl className="space-y-2">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt className="text-xs text-zinc-400">{name}</dt>
                <dd className="break-words">{value}</dd>
              </div>
            ),
        )}
      </dl>
    </aside>
  );
}
