import { useQuery } from "@tanstack/react-query";
import type { CacheStatistics } from "../../shared/api/types";
import { formatBytes, formatCount } from "../../shared/format";
import { ErrorNotice } from "../../shared/ui/Notice";
import { Figures, panelLook, Section } from "../../shared/ui/Section";
import { Table } from "../../shared/ui/Table";
import { differenceOf, formatOf } from "./cachedWords";
import { statisticsQuery } from "./queries";

/** What is cached of the libraries that the user may see. */
export function StatisticsSection() {
  const { data, error, refetch } = useQuery(statisticsQuery);
  return (
    <Section title="What is cached">
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data && (
        <div className={`${panelLook} space-y-5`}>
          <Figures
            of={[
              ["Images", formatCount(data.totalImages)],
              ["Cached", formatCount(data.cachedImages)],
              ["Missing", formatCount(data.missingImages)],
              ["Size of their pictures", formatBytes(data.totalCacheBytes)],
              ["Collections with cache", `${formatCount(data.collectionsWithCache)} of ${formatCount(data.collections)}`],
            ]}
          />
          {data.derivatives.length > 0 && (
            <Table label="Pictures by library, preset and format" columns={["Library", "Preset", "Format", "Pictures", "Size"]} numbersFrom={3} rows={rowsOf(data)} />
          )}
          {data.difference && <p className="text-sm text-muted">{differenceOf(data.difference)}</p>}
        </div>
      )}
    </Section>
  );
}

function rowsOf({ libraries, derivatives }: CacheStatistics) {
  const row = (library: string, id: string, strong: boolean) => (made: CacheStatistics["derivatives"][number]) => ({
    key: `${id} ${made.preset} ${made.contentType}`,
    cells: [library, made.preset, formatOf(made.contentType), formatCount(made.count), formatBytes(made.bytes)],
    strong,
  });
  const all = libraries.length > 1 ? derivatives.map(row("All libraries", "", true)) : [];
  return [...all, ...libraries.flatMap((library) => library.derivatives.map(row(library.name, library.id, false)))];
}
