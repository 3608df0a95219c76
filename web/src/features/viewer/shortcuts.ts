export type Action = "previous" | "next" | "close" | "zoomIn" | "zoomOut" | "fit" | "fullScreen" | "info" | "original" | "help";

interface Shortcut {
  action: Action;
  /** Values of `KeyboardEvent.key`; letters in lower case. */
  keys: readonly string[];
  meaning: string;
}

/** Every key of the viewer. The help shows this table and the keyboard is read by it; a test holds each key to one action. */
export const shortcuts: readonly Shortcut[] = [
  { action: "previous", keys: ["ArrowLeft", "PageUp"], meaning: "Previous image" },
  { action: "next", keys: ["ArrowRight", "PageDown"], meaning: "Next image" },
  { action: "close", keys: ["Escape"], meaning: "Back to the collection" },
  { action: "zoomIn", keys: ["+", "="], meaning: "Zoom in" },
  { action: "zoomOut", keys: ["-"], meaning: "Zoom out" },
  { action: "fit", keys: ["0"], meaning: "Fit the screen" },
  { action: "fullScreen", keys: ["f"], meaning: "Full screen" },
  { action: "info", keys: ["i"], meaning: "Show or hide the facts" },
  { action: "original", keys: ["o"], meaning: "Open the original" },
  { action: "help", keys: ["?"], meaning: "Show the keys" },
];

/** What is done without a key of its own, for the help. */
export const gestures = [
  { how: "Ctrl + wheel, pinch", meaning: "Zoom at the pointer" },
  { how: "Drag", meaning: "Move a picture that is larger than the screen" },
  { how: "Double click", meaning: "Zoom in, and back" },
  { how: "Swipe", meaning: "Previous or next image" },
] as const;

const keyNames: Record<string, string> = { ArrowLeft: "←", ArrowRight: "→", PageUp: "Page up", PageDown: "Page down", Escape: "Esc" };

export function nameOfKey(key: string): string {
  return keyNames[key] ?? key.toUpperCase();
}

type KeyPress = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

/** Keys with Ctrl, Alt or Command belong to the browser. */
export function actionFor({ key, ctrlKey, metaKey, altKey }: KeyPress): Action | null {
  if (ctrlKey || metaKey || altKey) return null;
  const plain = key.length === 1 ? key.toLowerCase() : key;
  return shortcuts.find((shortcut) => shortcut.keys.includes(plain))?.action ?? null;
}
