import { inputLook, Tick } from "../../shared/ui/Field";
import type { FieldErrors, FolderText } from "./folderForm";

interface PresetFieldsProps {
  presets: readonly string[];
  text: FolderText;
  errors: FieldErrors;
  onChange: (text: FolderText) => void;
}

/** Which presets a folder takes, and the most that each may have there. */
export function PresetFields({ presets, text, errors, onChange }: PresetFieldsProps) {
  const tick = (preset: string, ticked: boolean) => onChange({ ...text, presets: ticked ? [...text.presets, preset] : text.presets.filter((name) => name !== preset) });
  const wrong = errors.presets ?? errors.budgets;
  return (
    <fieldset className="space-y-1.5">
      <legend className="text-sm font-medium">Presets that it takes, each with the most that it may have there</legend>
      <ul className="space-y-2">
        {presets.map((preset) => (
          <li key={preset} className="grid grid-cols-2 items-center gap-3">
            <Tick checked={text.presets.includes(preset)} onChange={(event) => tick(preset, event.target.checked)}>
              {preset}
            </Tick>
            <input
              aria-label={`Most of ${preset}`}
              placeholder="No bound of its own"
              className={inputLook}
              value={text.budgets[preset] ?? ""}
              onChange={(event) => onChange({ ...text, budgets: { ...text.budgets, [preset]: event.target.value.trim() } })}
            />
          </li>
        ))}
      </ul>
      {wrong && (
        <p role="alert" className="text-sm text-danger">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}
