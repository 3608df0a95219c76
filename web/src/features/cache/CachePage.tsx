import { useRights } from "../../shared/api/access";
import { useTitle } from "../../shared/useTitle";
import { EffectivenessSection } from "./EffectivenessSection";
import { FoldersSection } from "./FoldersSection";
import { ForecastSection } from "./ForecastSection";
import { PresetsSection } from "./PresetsSection";
import { StatisticsSection } from "./StatisticsSection";

/** Where the pictures that were made lie, what there is, what it is good for, and what more would take. */
export function CachePage() {
  useTitle("Cache");
  const { canManageCache } = useRights();
  return (
    <>
      <h1 className="mb-6 text-2xl font-semibold tracking-tight">Cache</h1>
      <div className="space-y-10">
        {canManageCache && <FoldersSection />}
        <StatisticsSection />
        <EffectivenessSection />
        <PresetsSection />
        {canManageCache && <ForecastSection />}
      </div>
    </>
  );
}
