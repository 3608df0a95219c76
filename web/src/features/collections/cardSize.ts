import { useStored } from "../../shared/useStored";

const sizes = ["small", "medium", "large"] as const;
export type CardSize = (typeof sizes)[number];

/** The least width of a card, in pixels. */
export const cardWidths: Record<CardSize, number> = { small: 112, medium: 160, large: 248 };

export const cardSizes: readonly CardSize[] = sizes;

export function useCardSize(): [CardSize, (size: CardSize) => void] {
  return useStored("vitrine.card-size", sizes, "medium");
}
