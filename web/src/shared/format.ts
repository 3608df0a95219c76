const count = new Intl.NumberFormat("en");
const oneDigit = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const minute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const byteUnits = ["bytes", "KB", "MB", "GB", "TB"];

export function formatCount(value: number): string {
  return count.format(value);
}

/** "1 image", "2 images". */
export function formatAmount(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

export function formatBytes(bytes: number): string {
  const unit = Math.min(byteUnits.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${oneDigit.format(bytes / 1000 ** unit)} ${byteUnits[unit]}`;
}

/** A duration that is only a forecast, so never more exact than it is: "40 s", "5 min", "3 h 20 min", "2 days". */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(hours / 24)} days`;
}

export function formatDay(time: string): string {
  return day.format(new Date(time));
}

export function formatTime(time: string): string {
  return minute.format(new Date(time));
}

export function formatRate(perSecond: number): string {
  return `${perSecond >= 10 ? count.format(Math.round(perSecond)) : oneDigit.format(perSecond)}/s`;
}
