export interface GridShape {
  columns: number;
  cardWidth: number;
}

/** As many columns as fit, and cards that share the width that is left. */
export function gridShape(width: number, minCardWidth: number, gap: number): GridShape {
  const columns = Math.max(1, Math.floor((width + gap) / (minCardWidth + gap)));
  return { columns, cardWidth: Math.max(1, Math.floor((width - gap * (columns - 1)) / columns)) };
}

/** Where an arrow key, Home or End leads from a card; null for other keys and at the borders. */
export function cardReachedBy(key: string, from: number, columns: number, count: number): number | null {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -from, End: count - 1 - from };
  const step = steps[key];
  if (!step) return null;
  const to = from + step;
  return to >= 0 && to < count ? to : null;
}
