export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold tracking-tight">
      <svg viewBox="0 0 32 32" className="size-7" aria-hidden="true">
        <rect x="3" y="4" width="26" height="24" rx="6" className="fill-accent" />
        <path d="M8 22l5.5-7 4 4.6 2.5-2.8 4 5.2z" className="fill-on-accent" />
        <circle cx="20.5" cy="11.5" r="2.2" className="fill-on-accent" />
      </svg>
      Vitrine
    </span>
  );
}
