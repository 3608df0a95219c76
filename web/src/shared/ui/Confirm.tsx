import type { ReactNode } from "react";
import { Button } from "./Button";
import { Modal } from "./Modal";
import { ErrorNotice } from "./Notice";

interface ConfirmProps {
  title: string;
  /** What the button does, as a verb. */
  action: string;
  pending: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something that cannot be taken back; a refusal is said where it was asked. */
export function Confirm({ title, action, pending, error, onConfirm, onClose, children }: ConfirmProps) {
  return (
    <Modal title={title} onClose={onClose}>
      <div className="space-y-4 text-sm">
        <div className="space-y-2">{children}</div>
        {error !== null && <ErrorNotice error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={pending} onClick={onConfirm}>
            {action}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
