import type { Job, Preset, Wait } from "../../shared/api/types";
import { formatCount, formatTime } from "../../shared/format";
import { meaningOf } from "../../shared/reasons";
import { accounted } from "./jobProgress";

const waitWords: Record<string, string> = {
  paused: "paused",
  window: "outside its hours",
  folder: "no cache folder can take pictures",
  "library-offline": "its folder cannot be reached",
  disk: "the disk reported an error",
  "no-workers": "no worker is running",
  planning: "what is to be done is being found",
  "retry-later": "what failed is tried again",
  yielding: "somebody is looking at pictures",
  queued: "other work comes first",
};

const kindWords: Record<string, string> = {
  thumbnails: "thumbnails",
  cache: "larger pictures",
  both: "thumbnails and larger pictures",
};

export function titleOf(job: Job): string {
  if (job.type === "scan") return "Looking for pictures";
  const what = kindWords[job.kind ?? ""] ?? "pictures";
  return job.force ? `Making ${what} again` : `Making ${what}`;
}

/** Why an open job waits, how one that is over ended; empty while it is worked on. */
export function statusOf(job: Job): string {
  if (job.waits.length > 0) return `Waiting: ${job.waits.map(waitOf).join(", ")}`;
  if (job.status === "Failed" && job.reason) return `Failed: ${meaningOf(job.reason)}`;
  return job.status === "Running" ? "" : job.status;
}

function waitOf({ code, until }: Wait): string {
  const words = waitWords[code] ?? code;
  return until ? `${words} (${formatTime(until)})` : words;
}

/** "thumbnail 320 px WEBP 80": the name, the longest edge, the format and its quality. */
export function recipeOf(recipe: Preset): string {
  const edge = recipe.maxEdge === null ? "native size" : `${formatCount(recipe.maxEdge)} px`;
  return `${recipe.name} ${edge} ${recipe.format.toUpperCase()} ${recipe.quality}`;
}

/** "4,120 of 12,000 images"; a scan counts folders and archives. */
export function countOf(job: Job): string {
  const things = job.type === "scan" ? "folders and archives" : "images";
  const total = `${formatCount(job.totalImages)}${job.planned ? "" : "+"}`;
  return `${formatCount(accounted(job))} of ${total} ${things}`;
}
