import { type OperationId, operations } from "#lib/contract/index.ts";

type Route = { id: OperationId; method: string; pattern: RegExp; names: string[]; literals: number };

const routes: Route[] = (Object.keys(operations) as OperationId[])
  .map((id) => {
    const { path, method } = operations[id];
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
    const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "([^/]+)")}$`);
    return { id, method, pattern, names, literals: path.replaceAll(/\{\w+\}/g, "").length };
  })
  .sort((a, b) => b.literals - a.literals);

/**
 * The operation behind a method and a path below `/api/v1`, with the path's fields; literal paths win over placeholders.
 * `allow`: the path is known, with these methods only.
 */
export function matchOperation(
  method: string,
  path: string,
): { id: OperationId; fields: Record<string, string> } | { allow: string } | null {
  const methods = new Set<string>();
  for (const route of routes) {
    const values = route.pattern.exec(path)?.slice(1);
    if (values === undefined) continue;
    methods.add(route.method);
    if (route.method !== method) continue;
    try {
      return {
        id: route.id,
        fields: Object.fromEntries(route.names.map((name, i) => [name, decodeURIComponent(values[i] ?? "")])),
      };
    } catch {
      return null;
    }
  }
  return methods.size > 0 ? { allow: [...methods].sort().join(", ") } : null;
}
