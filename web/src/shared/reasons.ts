/** Vitrine's reason codes in words for the page. A test holds this list against the server's. */
const meanings: Record<string, string> = {
  "archive-corrupt": "The archive is damaged and cannot be read.",
  "archive-crashed": "Opening this archive crashed the decoder.",
  brake: "More is gone or changed than a scan applies without asking: it waits for approval.",
  corrupt: "The file is damaged: it holds no picture that can be read.",
  crashed: "Reading this picture crashed the decoder.",
  "dead-letter": "The work around this picture failed too often.",
  "decoder-hung": "The decoder stood still on this picture.",
  empty: "The file is empty.",
  encrypted: "It is protected by a password.",
  "in-progress": "Another job is working on it.",
  "library-offline": "The library's folder cannot be reached.",
  "multi-volume": "It is one part of an archive in several files.",
  "name-too-long": "Its name in the archive is longer than the limit.",
  "no-room": "No cache folder has room for it.",
  "not-settled": "The file is still being written.",
  "out-of-memory": "It needs more memory than the decoder may use.",
  present: "All that was asked for is there already.",
  "ratio-too-high": "It unpacks to far more than its packed size: refused for safety.",
  removed: "It is no longer in the library.",
  "source-changed": "The file changed while it was read.",
  "source-link": "A link stands where the file was: links are not followed.",
  "source-missing": "The file is not there any more.",
  "source-slow": "The disk gave no data for too long.",
  "source-unreadable": "The file cannot be opened: permissions or a disk error.",
  stalled: "The job stopped making progress.",
  timeout: "It took too long to decode.",
  "too-large": "The file is larger than the limit.",
  "too-many-entries": "It holds more files than the limit.",
  "too-many-pixels": "The picture has more pixels than the limit.",
  "unsafe-name": "Its name leads out of the archive: refused for safety.",
  unsupported: "This format cannot be read here.",
};

export const reasonCodes: readonly string[] = Object.keys(meanings);

export function meaningOf(code: string): string {
  return meanings[code] ?? code;
}
