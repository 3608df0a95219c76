import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { act, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { onTestFinished, vi } from "vitest";

/** Renders into the document until the test ends. */
export async function render(client: QueryClient, element: ReactNode): Promise<HTMLElement> {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  const container = document.body.appendChild(document.createElement("div"));
  const root = createRoot(container);
  onTestFinished(async () => {
    await act(async () => root.unmount());
    container.remove();
    client.clear();
  });
  await act(async () => root.render(<QueryClientProvider client={client}>{element}</QueryClientProvider>));
  return container;
}

/** Lets the page go on until the check holds. */
export async function eventually(check: () => void): Promise<void> {
  await act(() => vi.waitFor(check));
}

export async function press(key: string, target: EventTarget = window, more: KeyboardEventInit = {}): Promise<void> {
  await act(async () => {
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  });
}
