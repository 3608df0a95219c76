import type { ReactNode } from "react";

interface TableProps {
  label: string;
  /** Their first ones are words, those from `numbersFrom` on are numbers. */
  columns: readonly string[];
  numbersFrom: number;
  rows: readonly { key: string; cells: readonly ReactNode[]; strong?: boolean }[];
}

/** A table that scrolls sideways where the window is narrow; its frame takes the focus, so that keys scroll it. */
export function Table({ label, columns, numbersFrom, rows }: TableProps) {
  const side = (column: number) => (column >= numbersFrom ? "text-right tabular-nums" : "text-left");
  return (
    <div tabIndex={0} role="region" aria-label={label} className="overflow-x-auto">
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line text-xs text-muted">
            {columns.map((column, index) => (
              <th key={column} scope="col" className={`px-2 py-2 font-medium whitespace-nowrap first:pl-0 last:pr-0 ${side(index)}`}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells, strong }) => (
            <tr key={key} className={`border-b border-line last:border-0 ${strong ? "font-semibold" : ""}`}>
              {cells.map((cell, index) => (
                <td key={columns[index]} className={`px-2 py-2 whitespace-nowrap first:pl-0 last:pr-0 ${side(index)}`}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
