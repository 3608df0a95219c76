import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, dataOf } from "../../shared/api/http";
import type { Forecast } from "../../shared/api/types";
import { formatBytes, formatCount } from "../../shared/format";
import { Button } from "../../shared/ui/Button";
import { ErrorNotice } from "../../shared/ui/Notice";
import { Figures } from "../../shared/ui/Section";
import { Table } from "../../shared/ui/Table";
import { basisOf, bytesOf, hoursOf, roomWords } from "./forecastWords";

interface ForecastResultProps {
  forecast: Forecast;
  wanted: { libraryId: string; presets: string[]; force: boolean };
}

export function ForecastResult({ forecast, wanted }: ForecastResultProps) {
  return (
    <div role="status" className="space-y-4 border-t border-line pt-4">
      {forecast.files === 0 ? (
        <p>All of it is there already.</p>
      ) : (
        <>
          <Figures
            of={[
              ["Images", formatCount(forecast.images)],
              ["Files", formatCount(forecast.files)],
              figure("Size", bytesOf(forecast.bytes)),
              figure("Time with all workers", hoursOf(forecast.hours)),
            ]}
          />
          <Room forecast={forecast} />
          <Table
            label="Forecast by preset"
            columns={["Preset", "Room", "Files", "Size"]}
            numbersFrom={2}
            rows={forecast.presets.map((preset) => ({
              key: preset.preset,
              cells: [preset.preset, roomWords[preset.room].split(":")[0], formatCount(preset.files), bytesOf(preset.bytes).join(", ")],
            }))}
          />
          <p className="text-sm text-muted">{basisOf(forecast)} Pictures that are the same as another are counted each, so it is rather too much.</p>
          <Start wanted={wanted} />
        </>
      )}
    </div>
  );
}

function figure(label: string, [expected = "", error]: readonly string[]): [string, string, string?] {
  return [label, expected, error];
}

function Room({ forecast }: { forecast: Forecast }) {
  const look = forecast.room === "noRoom" ? "text-danger" : forecast.room === "tight" ? "text-warning" : "";
  return (
    <p className={`text-sm font-medium ${look}`}>
      {roomWords[forecast.room]}.
      {forecast.room === "noRoom" && ` ${formatBytes(forecast.missingBytes)} find none: add a folder, raise a limit, or take fewer presets. Smaller ones come first.`}
    </p>
  );
}

function Start({ wanted }: Pick<ForecastResultProps, "wanted">) {
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: () => dataOf(api.POST("/api/v1/cache/processing-jobs", { body: { type: "derive", ...wanted, incomplete: false, requireRoom: false } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["jobs", "list"] }),
  });
  return (
    <div className="space-y-2">
      {start.isSuccess ? (
        <p className="text-sm">
          Started:{" "}
          <Link to="/jobs" className="text-accent underline underline-offset-2">
            see the jobs
          </Link>
          .
        </p>
      ) : (
        <Button disabled={start.isPending} onClick={() => start.mutate()}>
          Make them now
        </Button>
      )}
      {start.error && <ErrorNotice error={start.error} />}
    </div>
  );
}
