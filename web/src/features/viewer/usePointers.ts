import { useEffect, useRef, type PointerEvent, type RefObject } from "react";
import { fitted, heldOnStage, panBy, zoomAt, zoomStep, type Point, type Size, type View } from "./zoom";

const swipeDistance = 60;
const doubleClickZoom = 2.5;

interface PointersProps {
  stage: RefObject<HTMLElement | null>;
  fit: Size;
  view: View;
  onView: (change: (view: View) => View) => void;
  onSwipe: (direction: "previous" | "next") => void;
}

/** Drag to pan, wheel and pinch to zoom, swipe to go on. */
export function usePointers({ stage, fit, view, onView, onSwipe }: PointersProps) {
  const down = useRef(new Map<number, Point>());
  const travelled = useRef(0);

  function change(next: (view: View) => View) {
    const element = stage.current;
    if (!element) return;
    const size = { width: element.clientWidth, height: element.clientHeight };
    onView((before) => heldOnStage(next(before), fit, size));
  }

  function fromCentre(event: { clientX: number; clientY: number }): Point {
    const box = stage.current!.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  }

  const onWheel = useRef<(event: WheelEvent) => void>(undefined);
  onWheel.current = (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    // A wheel's notch is about 100; a trackpad's pinch sends many small ones.
    const steps = Math.max(-1, Math.min(1, -event.deltaY / 100));
    const point = fromCentre(event);
    change((before) => zoomAt(before, zoomStep ** steps, point));
  };
  useEffect(() => {
    const element = stage.current;
    // React listens passively to the wheel, and then the browser would zoom the whole page.
    const listener = (event: WheelEvent) => onWheel.current?.(event);
    element?.addEventListener("wheel", listener, { passive: false });
    return () => element?.removeEventListener("wheel", listener);
  }, [stage]);

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    down.current.set(event.pointerId, fromCentre(event));
    if (down.current.size === 1) travelled.current = 0;
  }

  function onPointerMove(event: PointerEvent<HTMLElement>) {
    const before = down.current.get(event.pointerId);
    if (!before) return;
    const now = fromCentre(event);
    const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
    down.current.set(event.pointerId, now);
    if (other) return change((v) => zoomAt(v, distance(now, other) / Math.max(1, distance(before, other)), middle(now, other)));
    travelled.current += now.x - before.x;
    if (view.zoom > 1) change((v) => panBy(v, { x: now.x - before.x, y: now.y - before.y }));
  }

  function onPointerUp(event: PointerEvent<HTMLElement>) {
    const wasAlone = down.current.size === 1;
    if (!down.current.delete(event.pointerId) || !wasAlone || view.zoom > 1 || event.pointerType === "mouse") return;
    if (Math.abs(travelled.current) >= swipeDistance) onSwipe(travelled.current > 0 ? "previous" : "next");
  }

  function onPointerCancel(event: PointerEvent<HTMLElement>) {
    down.current.delete(event.pointerId);
  }

  function onDoubleClick(event: { clientX: number; clientY: number }) {
    const point = fromCentre(event);
    change((before) => (before.zoom === 1 ? zoomAt(before, doubleClickZoom, point) : fitted));
  }

  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onDoubleClick };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
