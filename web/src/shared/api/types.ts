import type { components } from "../../api/schema";

/** The API's shapes under the names that the page uses; what the server calls them is said here and nowhere else. */
type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type Library = Schemas["Library"];
export type Node = Schemas["Node"];
export type ScanMode = NonNullable<Schemas["ScanMode"]>;
export type Format = Schemas["Format"];
export type UnreadFiles = Schemas["UnreadFiles"];
export type Collection = Schemas["Collection"];
export type Image = Schemas["Image"];
/** What showing a picture needs of an image, whoever looks at it. */
export type Picture = Pick<Image, "state" | "reason" | "urls" | "thumbHash" | "color">;
export type ImageDetail = Schemas["ImageDetail"];
export type Neighbours = Schemas["Neighbours"];
export type Job = Schemas["Job"];
export type Wait = Schemas["Wait"];
export type Preset = Schemas["Preset"];
export type PresetChange = Schemas["PresetChangeRequest"];
export type CacheFolder = Schemas["CacheFolder"];
export type CacheFolderChange = Schemas["CacheFolderChangeRequest"];
export type CleanUpReport = Schemas["FolderCleanUp"];
export type Reconciliation = Schemas["Reconciliation"];
export type CacheStatistics = Schemas["CacheStatistics"];
export type Effectiveness = Schemas["Effectiveness"];
export type UsageGroup = Schemas["UsageGroup"];
export type UsagePoint = Schemas["UsagePoint"];
export type Forecast = Schemas["Forecast"];
export type Failure = Schemas["Failure"];
export type FailureGroup = Schemas["FailureGroup"];
export type Share = Schemas["Share"];
export type NewShare = Schemas["NewShare"];
export type SharedImage = Schemas["SharedImage"];
export type SharedCollection = Schemas["SharedCollection"];
export type Role = Schemas["Role"];
export type Scope = Schemas["Scope"];
/** The description does not say what lists of ids are made of. */
export type User = Omit<Schemas["User"], "libraryIds"> & { libraryIds: string[] };
export type NewUser = Schemas["NewUserRequest"];
export type UserChange = Schemas["UserChangeRequest"];
export type OpenSession = Schemas["OpenSession"];
export type ApiKey = Schemas["ApiKey"];
export type NewApiKey = Schemas["NewApiKey"];
export type NewApiKeyRequest = Schemas["NewApiKeyRequest"];
export type AuditEntry = Schemas["AuditEntry"];

/** A page of a keyset list; `next` is the cursor of the following one, null at the end. */
export interface Page<T> {
  items: T[];
  next: string | null;
}
