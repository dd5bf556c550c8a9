/** Scopes as OAuth writes them: names with single spaces between. What exists, and what of it one may have. Pure. */
import { CUSTOMER_SCOPES, type CustomerScope } from "../../shared/principal.ts";

export const SCOPE_LENGTH_MAX = 1_000;

/** Each once, in the order in which they were named. */
export function splitScope(text: string): string[] {
  return [...new Set(text.split(" ").filter((name) => name !== ""))];
}

export function joinScope(names: readonly string[]): string {
  return names.join(" ");
}

export function isCustomerScope(name: string): name is CustomerScope {
  return (CUSTOMER_SCOPES as readonly string[]).includes(name);
}

/** Whether `wanted` asks for nothing beyond `held`. */
export function isWithin(wanted: readonly string[], held: readonly string[]): boolean {
  return wanted.every((name) => held.includes(name));
}

/**
 * What a request gets of what is held: all of it when it names nothing.
 * @returns undefined when it names nothing that exists, or more than is held, or when nothing is.
 */
export function narrowScope(wanted: string | undefined, held: string): string | undefined {
  if (wanted === undefined) return held === "" ? undefined : held;
  const names = splitScope(wanted);
  return names.length > 0 && isWithin(names, splitScope(held)) ? joinScope(names) : undefined;
}
