/**
 * What differs between two states of a thing as they are shown to clients: the members that changed, before and after, and nothing
 * else. Entries of a list are told apart by their id (or SKU, handle, …), so that one changed price of a hundred is one price. Pure.
 */

export interface Difference {
  readonly before: unknown;
  readonly after: unknown;
}

/** What names an entry among its neighbours, the most certain first. */
const IDENTITIES = ["id", "sku", "handle", "location", "country", "currency"] as const;

/** @param before,after null where there is no such thing: the whole other state is told then. `{}` twice says that nothing changed. */
export function differenceOf(before: unknown, after: unknown): Difference {
  return differing(before, after) ?? { before: {}, after: {} };
}

function differing(before: unknown, after: unknown): Difference | undefined {
  if (isRecord(before) && isRecord(after)) return ofMembers(before, after);
  if (Array.isArray(before) && Array.isArray(after)) return ofEntries(before, after);
  return ofValues(before, after);
}

function ofValues(before: unknown, after: unknown): Difference | undefined {
  return JSON.stringify(before) === JSON.stringify(after) ? undefined : { before, after };
}

function ofMembers(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Difference | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const differences = names.flatMap((name) => {
    const difference = differing(memberOf(before, name), memberOf(after, name));
    return difference === undefined ? [] : [{ name, difference }];
  });
  if (differences.length === 0) return undefined;
  const side = (which: keyof Difference) =>
    Object.fromEntries(
      differences.flatMap(({ name, difference }) => (difference[which] === undefined ? [] : [[name, difference[which]]])),
    );
  return { before: side("before"), after: side("after") };
}

/** An entry that came or went stands on one side alone; an order that changed is told by the names. */
function ofEntries(before: readonly unknown[], after: readonly unknown[]): Difference | undefined {
  const identity = IDENTITIES.find((name) => identifies(name, before) && identifies(name, after));
  if (identity === undefined) return ofValues(before, after);
  const [entries, entriesAfter] = [byName(identity, before), byName(identity, after)];
  const names = (named: typeof entries) => named.map(([name]) => name);
  return (
    ofMembers(Object.fromEntries(entries), Object.fromEntries(entriesAfter)) ?? ofValues(names(entries), names(entriesAfter))
  );
}

function identifies(name: string, entries: readonly unknown[]): boolean {
  const names = entries.map((entry) => (isRecord(entry) ? memberOf(entry, name) : undefined));
  return names.every((value) => typeof value === "string") && new Set(names).size === entries.length;
}

function byName(identity: string, entries: readonly unknown[]): (readonly [string, unknown])[] {
  return entries.filter(isRecord).map((entry) => {
    const { [identity]: name, ...rest } = entry;
    return [String(name), rest] as const;
  });
}

function memberOf(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
