import { useQuery } from "@tanstack/react-query";
import { formatsQuery } from "../../shared/api/queries";
import type { Format } from "../../shared/api/types";

/** What this machine reads, and what would make it read the others. */
export function Formats() {
  const { data: formats } = useQuery(formatsQuery);
  if (!formats) return null;
  const read = formats.filter((format) => format.read);
  const helped = formats.filter((format) => !format.read && format.remedy);
  const never = formats.filter((format) => !format.read && !format.remedy);
  return (
    <section aria-label="Formats" className="mt-8 space-y-3 rounded-2xl border border-line bg-panel p-5 text-sm">
      <h2 className="text-lg font-semibold">Formats</h2>
      <p>This machine reads {titles(read)}.</p>
      {helped.length > 0 && (
        <ul className="space-y-1">
          {helped.map((format) => (
            <li key={format.name}>
              <span className="font-medium">{format.title}</span> is not read: <span className="text-muted">{format.remedy}.</span>
            </li>
          ))}
        </ul>
      )}
      {never.length > 0 && <p className="text-muted">Vitrine does not read {titles(never)}.</p>}
    </section>
  );
}

function titles(formats: Format[]): string {
  return formats.map((format) => format.title).join(", ");
}
