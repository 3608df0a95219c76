import { cardSizes, type CardSize } from "./cardSize";

const letters: Record<CardSize, string> = { small: "S", medium: "M", large: "L" };

export function CardSizeChoice({ size, onChange }: { size: CardSize; onChange: (size: CardSize) => void }) {
  return (
    <div role="group" aria-label="Size of the cards" className="flex h-10 rounded-lg border border-line bg-panel p-1">
      {cardSizes.map((choice) => (
        <button
          key={choice}
          type="button"
          aria-label={choice}
          title={`${choice} cards`}
          aria-pressed={choice === size}
          onClick={() => onChange(choice)}
          className={`w-9 rounded-md text-sm font-medium transition ${choice === size ? "bg-sunken text-ink" : "text-muted hover:text-ink"}`}
        >
          {letters[choice]}
        </button>
      ))}
    </div>
  );
}
