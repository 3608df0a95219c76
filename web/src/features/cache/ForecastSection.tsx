import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, dataOf } from "../../shared/api/http";
import { librariesQuery } from "../../shared/api/queries";
import type { Library, Preset } from "../../shared/api/types";
import { Button } from "../../shared/ui/Button";
import { selectLook, Tick } from "../../shared/ui/Field";
import { ErrorNotice } from "../../shared/ui/Notice";
import { panelLook, Section } from "../../shared/ui/Section";
import { ForecastResult } from "./ForecastResult";
import { presetsQuery } from "./queries";

/** What a making would come to, before it is started. */
export function ForecastSection() {
  const { data: libraries } = useQuery(librariesQuery);
  const { data: presets } = useQuery(presetsQuery);
  if (!libraries?.[0] || !presets) return null;
  return (
    <Section title="Forecast">
      <ForecastForm libraries={libraries} presets={presets} />
    </Section>
  );
}

function ForecastForm({ libraries, presets }: { libraries: Library[]; presets: Preset[] }) {
  const [libraryId, setLibraryId] = useState(libraries[0]!.id);
  const library = libraries.find(({ id }) => id === libraryId) ?? libraries[0]!;
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const [force, setForce] = useState(false);
  const ticked = chosen ?? library.presets;
  const names = presets.map((preset) => preset.name).filter((name) => ticked.includes(name));
  const wanted = { libraryId: library.id, presets: names, force };
  const forecast = useMutation({ mutationFn: (sample: boolean) => dataOf(api.POST("/api/v1/cache/forecast", { body: { ...wanted, sample } })) });

  /** A forecast stands for one choice only. */
  function choose(change: () => void) {
    change();
    forecast.reset();
  }

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    forecast.mutate(new FormData(event.currentTarget).has("sample"));
  }

  return (
    <div className={`${panelLook} space-y-5`}>
      <form onSubmit={onSubmit} className="space-y-4">
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
          <select
            aria-label="Library"
            className={selectLook}
            value={library.id}
            onChange={(event) =>
              choose(() => {
                setLibraryId(event.target.value);
                setChosen(null);
              })
            }
          >
            {libraries.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <fieldset className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <legend className="sr-only">Presets</legend>
            {presets.map(({ name }) => (
              <Tick
                key={name}
                checked={ticked.includes(name)}
                onChange={(event) => choose(() => setChosen(event.target.checked ? [...ticked, name] : ticked.filter((other) => other !== name)))}
              >
                {name}
              </Tick>
            ))}
          </fieldset>
        </div>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
          <Tick checked={force} onChange={(event) => choose(() => setForce(event.target.checked))}>
            Also those that are there already
          </Tick>
          <Tick name="sample" defaultChecked>
            Decode some images for it, up to half a minute
          </Tick>
        </div>
        <Button type="submit" disabled={names.length === 0 || forecast.isPending}>
          {forecast.isPending ? "Measuring" : "What would it take?"}
        </Button>
      </form>
      {forecast.error && <ErrorNotice error={forecast.error} />}
      {forecast.data && <ForecastResult forecast={forecast.data} wanted={wanted} />}
    </div>
  );
}
