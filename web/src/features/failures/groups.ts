import type { FailureGroup } from "../../shared/api/types";

/** Groups of one reason, whatever library and decoder they are of. */
export interface ReasonGroups {
  code: string;
  ignored: boolean;
  count: number;
  groups: FailureGroup[];
}

/** By reason, the most frequent first; what is ignored comes last. */
export function byReason(groups: readonly FailureGroup[]): ReasonGroups[] {
  const found = new Map<string, ReasonGroups>();
  for (const group of groups) {
    const key = `${group.ignored} ${group.code}`;
    const known = found.get(key) ?? { code: group.code, ignored: group.ignored, count: 0, groups: [] };
    known.count += group.count;
    known.groups.push(group);
    found.set(key, known);
  }
  return [...found.values()].sort((a, b) => Number(a.ignored) - Number(b.ignored) || b.count - a.count || a.code.localeCompare(b.code));
}
