import { useId, type InputHTMLAttributes, type ReactNode } from "react";

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string;
  /** Why what was entered was refused. */
  error?: string;
}

export const inputLook = "h-10 w-full rounded-lg border border-line bg-panel px-3 text-sm placeholder:text-muted focus-visible:border-accent aria-invalid:border-danger";
export const selectLook = "h-10 rounded-lg border border-line bg-panel px-2.5 text-sm";

export function Field({ label, hint, error, ...rest }: FieldProps) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      <input id={id} aria-describedby={described || undefined} aria-invalid={error ? true : undefined} {...rest} className={inputLook} />
      {error && (
        <p id={`${id}-error`} role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

/** A box to tick, with what it means beside it. */
export function Tick({ children, ...rest }: Omit<InputHTMLAttributes<HTMLInputElement>, "type"> & { children: ReactNode }) {
  return (
    <label className="flex min-h-6 items-center gap-2 text-sm">
      <input type="checkbox" {...rest} className="size-4 shrink-0 accent-accent" />
      <span>{children}</span>
    </label>
  );
}
