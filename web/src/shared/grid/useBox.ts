import { useLayoutEffect, useState, type RefObject } from "react";

export interface Box {
  width: number;
  height: number;
  /** Distance from the top of the document, for grids that scroll with the window. */
  top: number;
}

/** The element's size, followed as it changes; measured before the first paint. */
export function useBox(element: RefObject<HTMLElement | null>): Box | null {
  const [box, setBox] = useState<Box | null>(null);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const measure = () => {
      const rectangle = target.getBoundingClientRect();
      const next = { width: target.clientWidth, height: target.clientHeight, top: Math.round(rectangle.top + window.scrollY) };
      setBox((known) => (known && known.width === next.width && known.height === next.height && known.top === next.top ? known : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
  return box;
}
