import { useEffect, useRef, type ReactNode } from "react";
import { IconButton } from "./Button";

/** A modal dialog of the browser's own, which keeps the focus inside and closes with Esc. It is open while it is rendered. */
export function Modal({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
      onKeyDown={(event) => event.stopPropagation()}
      className="m-auto max-h-[85vh] w-full max-w-2xl overflow-hidden rounded-2xl border border-line bg-panel text-ink shadow-2xl"
    >
      <div className="flex max-h-[85vh] flex-col">
        <header className="flex items-center justify-between border-b border-line py-3 pr-3 pl-5">
          <h2 className="font-semibold">{title}</h2>
          <IconButton label="Close" icon="close" onClick={onClose} />
        </header>
        <div className="overflow-y-auto p-5">{children}</div>
      </div>
    </dialog>
  );
}
