import { useEffect, useRef } from "react";
import { actionFor, type Action } from "./shortcuts";

/** Reads the keyboard by the table of shortcuts. Keys that a dialog took do not come here. */
export function useActions(act: (action: Action) => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const action = event.defaultPrevented ? null : actionFor(event);
      if (!action) return;
      event.preventDefault();
      latest.current(action);
    }
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

/** Full screen on or off. A browser may refuse it; then nothing changes. */
export function toggleFullScreen(): void {
  const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  change.catch(() => undefined);
}
