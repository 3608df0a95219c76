/** The path that the server is reached beneath ("" or "/pictures"): the server writes it into the page's `base` element. */
export const basePath = new URL(document.baseURI).pathname.replace(/\/[^/]*$/, "");

/** Where to ask for what is not asked through `api`. The API tells addresses as they are beneath the base path. */
export function addressOf(path: string): string {
  return basePath + path;
}
