import type { Job } from "../../shared/api/types";
import { formatCount } from "../../shared/format";
import { meaningOf } from "../../shared/reasons";
import { accounted } from "./jobProgress";

const holdWords: Record<string, string> = {
  user: "paused",
  window: "outside its hours",
  folder: "no cache folder can take pictures",
  root: "its folder cannot be reached",
  disk: "the disk reported an error",
};

export function titleOf(job: Job): string {
  if (job.type === "scan") return "Looking for pictures";
  return job.force ? "Making pictures again" : "Making pictures";
}

export function statusOf(job: Job): string {
  if (job.status === "Paused") return `Waiting: ${job.holds.map((hold) => holdWords[hold] ?? hold).join(", ")}`;
  if (job.status === "Failed" && job.reason) return `Failed: ${meaningOf(job.reason)}`;
  return job.status;
}

/** "4,120 of 12,000 images"; a scan counts folders and archives. */
export function countOf(job: Job): string {
  const things = job.type === "scan" ? "folders and archives" : "images";
  const total = `${formatCount(job.totalImages)}${job.planned ? "" : "+"}`;
  return `${formatCount(accounted(job))} of ${total} ${things}`;
}
