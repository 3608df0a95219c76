import type { CacheFolder, FailureGroup, Image, Job, Library, User } from "../shared/api/types";

export function aJob(change: Partial<Job> = {}): Job {
  return {
    id: "1",
    type: "derive",
    kind: "thumbnails",
    status: "Running",
    holds: [],
    waits: [],
    priority: "normal",
    libraryId: "1",
    parentId: null,
    presets: ["thumbnail"],
    recipes: [{ name: "thumbnail", maxEdge: 320, format: "webp", quality: 80, keepFrames: false }],
    force: false,
    incomplete: false,
    planned: true,
    totalImages: 100,
    completedImages: 0,
    skippedImages: 0,
    failedImages: 0,
    cancelledImages: 0,
    reason: null,
    message: null,
    createdAt: "2026-01-01T00:00:00Z",
    startedAt: "2026-01-01T00:00:00Z",
    finishedAt: null,
    lastProgressAt: "2026-01-01T00:00:10Z",
    version: 1,
    ...change,
  };
}

export function aLibrary(change: Partial<Library> = {}): Library {
  return {
    id: "1",
    name: "Pictures",
    root: "/srv/pictures",
    presets: ["thumbnail"],
    exclude: [],
    nodeLabels: [],
    online: true,
    watch: false,
    allowMetadata: false,
    watched: null,
    collections: 1,
    images: 100,
    ready: 100,
    failed: 0,
    skipped: 0,
    failedContainers: 0,
    revisits: 0,
    derivatives: {},
    createdAt: "2026-01-01T00:00:00Z",
    lastScanAt: null,
    held: null,
    ...change,
  };
}

export function anImage(id: string, change: Partial<Image> = {}): Image {
  const path = `/api/v1/images/${id}`;
  return {
    id,
    collectionId: "1",
    name: `${id}.jpg`,
    width: 300,
    height: 200,
    state: "ready",
    reason: null,
    thumbHash: null,
    color: null,
    urls: { thumbnail: `${path}/thumbnail?v=a`, display: `${path}/display?v=a` },
    ...change,
  };
}

export function aFailureGroup(change: Partial<FailureGroup> = {}): FailureGroup {
  return { libraryId: "1", type: "derive", code: "corrupt", meaning: "", retryable: false, decoder: "", ignored: false, count: 1, ...change };
}

export function aCacheFolder(change: Partial<CacheFolder> = {}): CacheFolder {
  return {
    id: "1",
    path: "/srv/cache",
    priority: 0,
    limitBytes: 100e9,
    floorBytes: 10e9,
    freeBytes: 400e9,
    blobs: 1000,
    bytes: 40e9,
    reservedBytes: 0,
    usedPercent: 40,
    nearFull: false,
    full: false,
    presets: [],
    byPreset: [],
    active: true,
    drain: null,
    fault: null,
    ...change,
  };
}

export function aUser(change: Partial<User> = {}): User {
  return { id: "1", name: "ana", role: "Viewer", mayDownload: false, disabled: false, libraryIds: [], createdAt: "2026-01-01T00:00:00Z", lockedUntil: null, ...change };
}
