import type { ButtonHTMLAttributes } from "react";
import { Icon, type IconName } from "./Icon";

type Look = "primary" | "plain" | "quiet";

const looks: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:opacity-90",
  plain: "border border-line bg-panel hover:bg-sunken",
  quiet: "text-muted hover:bg-sunken hover:text-ink",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  icon?: IconName;
}

export function Button({ look = "plain", icon, className = "", children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`inline-flex h-9 items-center justify-center gap-2 rounded-lg px-3.5 text-sm font-medium whitespace-nowrap transition disabled:opacity-50 ${looks[look]} ${className}`}
    >
      {icon && <Icon name={icon} className="size-4" />}
      {children}
    </button>
  );
}

/** A button that is only a drawing; its label is for screen readers and as the tip. */
export function IconButton({ label, icon, className = "", ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { label: string; icon: IconName }) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={`inline-flex size-9 shrink-0 items-center justify-center rounded-lg transition hover:bg-sunken disabled:opacity-30 ${className}`}
    >
      <Icon name={icon} />
    </button>
  );
}
