import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { librariesQuery } from "../../shared/api/queries";
import { IconButton } from "../../shared/ui/Button";
import { inputLook, selectLook } from "../../shared/ui/Field";
import { Icon } from "../../shared/ui/Icon";
import { useDebounced } from "../../shared/useDebounced";
import { sorts, type CollectionSearch, type Sort } from "./search";

const sortNames: Record<Sort, string> = { name: "Name", updated: "Updated", added: "Added", images: "Images", bytes: "Size" };

interface FiltersProps {
  value: CollectionSearch;
  onChange: (change: CollectionSearch) => void;
}

export function CollectionFilters({ value, onChange }: FiltersProps) {
  const { data: libraries = [] } = useQuery(librariesQuery);
  return (
    <div role="search" className="order-last flex basis-full flex-wrap items-center gap-2 sm:order-none sm:flex-1">
      <SearchBox value={value.search ?? ""} onChange={(search) => onChange({ search: search || undefined })} />
      {libraries.length > 1 && (
        <select aria-label="Library" className={selectLook} value={value.library ?? ""} onChange={(event) => onChange({ library: event.target.value || undefined })}>
          <option value="">All libraries</option>
          {libraries.map((library) => (
            <option key={library.id} value={library.id}>
              {library.name}
            </option>
          ))}
        </select>
      )}
      <select aria-label="Sort by" className={selectLook} value={value.sort ?? "name"} onChange={(event) => onChange({ sort: event.target.value as Sort })}>
        {sorts.map((sort) => (
          <option key={sort} value={sort}>
            {sortNames[sort]}
          </option>
        ))}
      </select>
      <IconButton
        className="size-10! border border-line bg-panel"
        label={value.descending ? "Descending: turn round" : "Ascending: turn round"}
        icon={value.descending ? "down" : "up"}
        onClick={() => onChange({ descending: !value.descending || undefined })}
      />
    </div>
  );
}

/** Types freely; the list follows when the typing rests. */
function SearchBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const settled = useDebounced(text, 250);
  useEffect(() => {
    if (settled !== value) onChange(settled);
    // Only typing changes the address; `value` is what the address says already.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [settled]);
  return (
    <div className="relative min-w-full flex-1 sm:max-w-sm sm:min-w-48">
      <Icon name="search" className="pointer-events-none absolute top-3 left-3 size-4 text-muted" />
      <input type="search" aria-label="Search collections" placeholder="Search" maxLength={200} value={text} onChange={(event) => setText(event.target.value)} className={`${inputLook} pl-9`} />
    </div>
  );
}
