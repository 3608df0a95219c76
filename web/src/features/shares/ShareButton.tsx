import { useState } from "react";
import { Button } from "../../shared/ui/Button";
import { Modal } from "../../shared/ui/Modal";
import { ShareForm } from "./ShareForm";
import { ShareList } from "./ShareList";

/** Opens the dialogue of links: making one for this collection, and taking those back that were made. */
export function ShareButton({ collectionId }: { collectionId: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Share</Button>
      {open && (
        <Modal title="Share this collection" onClose={() => setOpen(false)}>
          <div className="space-y-6 text-sm">
            <ShareForm collectionId={collectionId} />
            <ShareList />
          </div>
        </Modal>
      )}
    </>
  );
}
