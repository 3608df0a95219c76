import { queryOptions, useQuery } from "@tanstack/react-query";
import { useRights } from "../../shared/api/access";
import { api, dataOf } from "../../shared/api/http";
import type { Node } from "../../shared/api/types";

const nodesQuery = queryOptions({
  queryKey: ["nodes"],
  queryFn: async ({ signal }) => (await dataOf(api.GET("/api/v1/cache/engine/nodes", { signal }))).items,
  refetchInterval: 10_000,
});

/** The processes that work on this store, where there is more than one. */
export function NodesSection({ names }: { names: ReadonlyMap<string, string> }) {
  const { canControlJobs } = useRights();
  const { data: nodes } = useQuery({ ...nodesQuery, enabled: canControlJobs });
  if (!nodes || nodes.length < 2) return null;
  return (
    <section aria-labelledby="nodes" className="mt-8">
      <h2 id="nodes" className="mb-3 text-lg font-semibold">
        Nodes
      </h2>
      <ul className="grid gap-3 sm:grid-cols-2">
        {nodes.map((node) => (
          <li key={node.name} className="rounded-2xl border border-line bg-panel p-4 text-sm">
            <p className="truncate font-medium" title={node.name}>
              {node.name.split("/")[0]}
            </p>
            <p className="text-muted">{wordsOf(node)}</p>
            {node.unable.length > 0 && (
              <p className="mt-1 text-warning">Leaves to others: {node.unable.map((id) => names.get(id) ?? id).join(", ")}</p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function wordsOf(node: Node): string {
  const work = node.workers === 0 ? "serves only" : `${node.workers} workers, ${node.batches} busy`;
  const labels = node.labels.length > 0 ? `, ${node.labels.join(", ")}` : "";
  return `${work}${labels}, Vitrine ${node.version}`;
}
