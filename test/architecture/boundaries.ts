/**
 * Which file may import which: a service its own folder, the shared kernel, peers' contracts, the events, and the objects
 * it owns. Everything else is an edge that the design does not allow. Pure.
 */

const SHARED = "workers/shared/";
const EVENTS = "queues/contracts/";

/** Object folders by the service folder that owns them: `workers/inventory` → `sku-stock`. */
export type ObjectOwners = ReadonlyMap<string, readonly string[]>;

/** Undefined when the edge is allowed, else the reason. Paths from the root. */
export function refuseEdge(from: string, to: string, owners: ObjectOwners): string | undefined {
  if (from.startsWith(SHARED)) return within(to, [SHARED, EVENTS]) ? undefined : "the kernel knows no service";
  if (from.startsWith(EVENTS)) return within(to, [SHARED, EVENTS]) ? undefined : "events know no service";
  const own = ownFolder(from);
  if (own === undefined) return "is in no service, object or consumer";
  if (isContract(from)) {
    return within(to, [SHARED, EVENTS]) || isContract(to)
      ? undefined
      : "a contract imports contracts, events and the kernel only";
  }
  if (within(to, [own, SHARED, EVENTS])) return undefined;
  if (to.startsWith("durable-objects/")) {
    const owned = owners.get(own) ?? [];
    return within(
      to,
      owned.map((folder) => `durable-objects/${folder}/`),
    )
      ? undefined
      : "another worker's object";
  }
  return isContract(to) ? undefined : "only contract.ts of another service may be imported";
}

/** `workers/orders/`, `durable-objects/sku-stock/`, `queues/analytics/`. */
export function ownFolder(path: string): string | undefined {
  return /^(?:workers|durable-objects|queues)\/[a-z0-9-]+\//.exec(path)?.[0];
}

function isContract(path: string): boolean {
  return /^(?:workers|durable-objects|queues)\/[a-z0-9-]+\/contract\.ts$/.test(path);
}

function within(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(folder));
}
