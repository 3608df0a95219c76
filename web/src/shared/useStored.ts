import { useState } from "react";

/** One of a few choices, kept in this browser. Where storing is not allowed the choice holds until the page is left. */
export function useStored<T extends string>(key: string, choices: readonly T[], first: T): [T, (choice: T) => void] {
  const [choice, setChoice] = useState<T>(() => {
    const stored = read(key);
    return choices.find((c) => c === stored) ?? first;
  });
  return [
    choice,
    (next) => {
      setChoice(next);
      write(key, next);
    },
  ];
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is full or forbidden; the choice still holds for this page.
  }
}
