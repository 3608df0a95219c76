const powers: Record<string, number> = { "": 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30, TIB: 2 ** 40 };
const units = ["TB", "GB", "MB", "KB"] as const;

/** "200 GB", "1.5TiB" or "1000000" in bytes; null where it is none. GB is a thousand million bytes, as disks are sold; GiB is 2 to the 30th. */
export function parseByteSize(text: string): number | null {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim().replaceAll(",", "")) ?? [];
  const power = powers[unit.toUpperCase()];
  if (digits === undefined || power === undefined) return null;
  const bytes = Math.round(Number(digits) * power);
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** For a field that is read by `parseByteSize` again: the same bytes come back. */
export function writeByteSize(bytes: number): string {
  for (const unit of units) {
    const text = `${bytes / powers[unit]!}`;
    if (bytes >= powers[unit]! && text.length <= 7) return `${text} ${unit}`;
  }
  return `${bytes}`;
}
