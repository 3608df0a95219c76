import { Modal } from "../../shared/ui/Modal";
import { gestures, nameOfKey, shortcuts } from "./shortcuts";

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  return (
    <Modal title="Keys" onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2.5 text-sm">
        {shortcuts.map(({ action, keys, meaning }) => (
          <div key={action} className="contents">
            <dt className="flex gap-1.5">
              {keys.map((key) => (
                <kbd key={key} className="min-w-7 rounded-md border border-line bg-sunken px-1.5 py-0.5 text-center font-sans text-xs">
                  {nameOfKey(key)}
                </kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
        {gestures.map(({ how, meaning }) => (
          <div key={how} className="contents">
            <dt className="text-muted">{how}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
