export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** How a picture is looked at: zoom 1 fits the stage; `x` and `y` shift its centre from the stage's, in pixels. */
export interface View extends Point {
  zoom: number;
}

export const fitted: View = { zoom: 1, x: 0, y: 0 };
export const zoomStep = 1.25;
const leastZoom = 0.25;
const mostZoom = 5;

/** The size in which a picture fits the stage whole. It is never enlarged. */
export function fitSize(picture: Size, stage: Size): Size {
  const scale = Math.min(1, stage.width / picture.width, stage.height / picture.height);
  return { width: picture.width * scale, height: picture.height * scale };
}

/** Zooms by a factor so that what is under the point (measured from the stage's centre) stays there. */
export function zoomAt(view: View, factor: number, point: Point = { x: 0, y: 0 }): View {
  const zoom = Math.min(mostZoom, Math.max(leastZoom, view.zoom * factor));
  const change = zoom / view.zoom;
  return { zoom, x: point.x - (point.x - view.x) * change, y: point.y - (point.y - view.y) * change };
}

export function panBy(view: View, by: Point): View {
  return { ...view, x: view.x + by.x, y: view.y + by.y };
}

/** Keeps the picture on the stage: an edge of it never comes further in than the stage's own; a smaller one stays in the middle. */
export function heldOnStage(view: View, fit: Size, stage: Size): View {
  const slackX = Math.max(0, (fit.width * view.zoom - stage.width) / 2);
  const slackY = Math.max(0, (fit.height * view.zoom - stage.height) / 2);
  return { zoom: view.zoom, x: clamp(view.x, slackX), y: clamp(view.y, slackY) };
}

function clamp(value: number, slack: number): number {
  return Math.min(slack, Math.max(-slack, value));
}
