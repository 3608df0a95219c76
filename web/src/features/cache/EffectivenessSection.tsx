import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { librariesQuery } from "../../shared/api/queries";
import type { Effectiveness, UsageGroup } from "../../shared/api/types";
import { formatBytes, formatCount, formatDuration } from "../../shared/format";
import { selectLook } from "../../shared/ui/Field";
import { ErrorNotice } from "../../shared/ui/Notice";
import { Figures, panelLook, Section } from "../../shared/ui/Section";
import { Table } from "../../shared/ui/Table";
import { nameOf } from "./folderWords";
import { effectivenessQuery, foldersQuery } from "./queries";
import { UsageChart } from "./UsageChart";

const spans: [days: number, name: string][] = [
  [1, "Last day"],
  [7, "Last 7 days"],
  [30, "Last 30 days"],
];
const groups: [by: UsageGroup, name: string][] = [
  ["preset", "Preset"],
  ["library", "Library"],
  ["folder", "Folder"],
  ["collection", "Collection"],
];

/** What the cache was good for in a time. */
export function EffectivenessSection() {
  const [days, setDays] = useState(7);
  const [by, setBy] = useState<UsageGroup>("preset");
  const { data, error, refetch } = useQuery({ ...effectivenessQuery(days, by), placeholderData: keepPreviousData });
  const choices = (
    <div className="flex flex-wrap gap-2">
      <select aria-label="Time" className={selectLook} value={days} onChange={(event) => setDays(Number(event.target.value))}>
        {spans.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
      <select aria-label="By" className={selectLook} value={by} onChange={(event) => setBy(event.target.value as UsageGroup)}>
        {groups.map(([value, name]) => (
          <option key={value} value={value}>
            By {name.toLowerCase()}
          </option>
        ))}
      </select>
    </div>
  );
  return (
    <Section title="What it is good for" side={choices}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data && <Benefit found={data} />}
    </Section>
  );
}

function Benefit({ found }: { found: Effectiveness }) {
  const nameOfGroup = useGroupNames(found.by);
  return (
    <div className={`${panelLook} space-y-5`}>
      <Figures
        of={[
          ["Hit rate", percent(found.all.hitRate)],
          ["Pictures ready", formatCount(found.all.hits)],
          ["Served", formatBytes(found.all.bytesServed)],
          ["Processor time saved", saved(found.all.savedCpuSeconds)],
          ["Files never asked for", percent(found.neverServedShare)],
        ]}
      />
      <UsageChart found={found} />
      {found.groups.length > 0 && (
        <Table
          label="Use by group"
          columns={[groups.find(([by]) => by === found.by)![1], "Hit rate", "Ready", "Made again", "Served", "Saved"]}
          numbersFrom={1}
          rows={found.groups.map(({ key, name, benefit }) => ({
            key,
            cells: [
              name ?? nameOfGroup(key),
              percent(benefit.hitRate),
              formatCount(benefit.hits),
              formatCount(benefit.misses),
              formatBytes(benefit.bytesServed),
              saved(benefit.savedCpuSeconds),
            ],
          }))}
        />
      )}
      {found.groups.length === 0 && <p className="text-sm text-muted">Nobody asked for a picture in this time.</p>}
    </div>
  );
}

/** The answer names groups by their ids; libraries and folders have names that the page knows. */
function useGroupNames(by: UsageGroup): (key: string) => string {
  const { data: libraries } = useQuery(librariesQuery);
  const { data: folders } = useQuery(foldersQuery);
  if (by === "preset") return (key) => key;
  if (by === "library") return (key) => libraries?.find((library) => library.id === key)?.name ?? "A removed library";
  if (by === "collection") return () => "A removed collection";
  return (key) => {
    const folder = folders?.find(({ id }) => id === key);
    return folder ? nameOf(folder) : "No folder";
  };
}

function percent(share: number | null): string {
  return share === null ? "–" : `${(100 * share).toFixed(1)}%`;
}

function saved(seconds: number): string {
  return seconds === 0 ? "–" : formatDuration(seconds);
}
