import { ProblemError } from "../../shared/api/problem";
import type { CacheFolder, CacheFolderChange } from "../../shared/api/types";
import { parseByteSize, writeByteSize } from "./byteSize";

/** What stands in the fields of the form, as text. */
export interface FolderText {
  priority: string;
  limit: string;
  floor: string;
  /** The presets that are ticked. */
  presets: string[];
  /** By preset; empty for none. */
  budgets: Record<string, string>;
}

export type FolderField = "path" | "priority" | "limit" | "floor" | "presets" | "budgets";
export type FieldErrors = Partial<Record<FolderField, string>>;

const noSize = "Not a size: write it like 200 GB.";

/** Codes of refusals that are not the path's; every other code of a folder is. */
const fieldOfCode: Record<string, FolderField> = {
  "bad-priority": "priority",
  "bad-limit": "limit",
  "limit-too-low": "limit",
  "bad-floor": "floor",
  "bad-preset": "presets",
  "bad-budget": "budgets",
  "budget-too-low": "budgets",
};
const pathCodes = new Set([
  "path-refused", "missing", "not-a-folder", "unreadable", "link", "inside-library", "contains-library", "inside-folder", "contains-folder", "contains-data",
  "known", "not-writable", "not-empty", "other-installation",
]);

/** What the fields say of a folder as it is; without one, of a new one that leaves all to the server. */
export function textOf(folder: CacheFolder | null, presets: readonly string[]): FolderText {
  const budgets = Object.fromEntries((folder?.byPreset ?? []).map((use) => [use.preset, use.budgetBytes === null ? "" : writeByteSize(use.budgetBytes)]));
  return {
    priority: `${folder?.priority ?? 0}`,
    limit: folder ? writeByteSize(folder.limitBytes) : "",
    floor: folder ? writeByteSize(folder.floorBytes) : "",
    presets: folder && folder.presets.length > 0 ? folder.presets : [...presets],
    budgets: Object.fromEntries(presets.map((preset) => [preset, budgets[preset] ?? ""])),
  };
}

/** The change that leads from what the fields said to what they say, or what is wrong with it. All presets ticked is none named: new ones are taken too. */
export function changeOf(before: FolderText, now: FolderText, presets: readonly string[]): { change: CacheFolderChange; errors: FieldErrors } {
  const change: CacheFolderChange = {};
  const errors: FieldErrors = {};
  if (now.priority !== before.priority) {
    if (/^-?\d+$/.test(now.priority)) change.priority = Number(now.priority);
    else errors.priority = "A priority is a whole number.";
  }
  for (const [field, key] of [["limit", "limitBytes"], ["floor", "floorBytes"]] as const) {
    if (now[field] === before[field]) continue;
    const bytes = parseByteSize(now[field]);
    if (bytes === null) errors[field] = noSize;
    else change[key] = bytes;
  }
  if (now.presets.length === 0) errors.presets = "Tick at least one; to take nothing new, drain the folder or make it inactive.";
  else if (!isSame(now.presets, before.presets)) change.presets = presets.every((preset) => now.presets.includes(preset)) ? [] : now.presets;
  const budgets = budgetsOf(before, now);
  if (budgets === null) errors.budgets = noSize;
  else if (Object.keys(budgets).length > 0) change.budgets = budgets;
  return { change, errors };
}

function budgetsOf(before: FolderText, now: FolderText): Record<string, number | null> | null {
  const budgets: Record<string, number | null> = {};
  for (const [preset, text] of Object.entries(now.budgets)) {
    if (text === before.budgets[preset]) continue;
    const bytes = text === "" ? null : parseByteSize(text);
    if (bytes === null && text !== "") return null;
    budgets[preset] = bytes;
  }
  return budgets;
}

/** The field that the server's refusal is about; undefined where it is about none of them. */
export function fieldOf(error: unknown): FolderField | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  return fieldOfCode[error.code] ?? (pathCodes.has(error.code) ? "path" : undefined);
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name));
}
