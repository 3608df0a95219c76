/** A word or two on what stands beside it. */
export interface Badge {
  text: string;
  look: "plain" | "warning" | "danger";
}

const looks: Record<Badge["look"], string> = {
  plain: "bg-sunken text-muted",
  warning: "bg-warning/15 text-warning",
  danger: "bg-danger/15 text-danger",
};

export function Badges({ of }: { of: readonly Badge[] }) {
  return (
    <ul className="flex flex-wrap gap-1.5">
      {of.map(({ text, look }) => (
        <li key={text} className={`rounded-full px-2.5 py-1 text-xs font-medium ${looks[look]}`}>
          {text}
        </li>
      ))}
    </ul>
  );
}
