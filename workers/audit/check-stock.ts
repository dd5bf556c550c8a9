/** The books of one SKU (I1, I2, I10), and its last known level in analytics (I12). Pure. */
import type { StockAccount } from "../inventory/contract.ts";
import type { Finding } from "./findings.ts";

export interface StockLevel {
  readonly sku: string;
  readonly location: string;
  readonly sequence: number;
  readonly onHand: number;
  readonly held: number;
}

export function checkStock(account: StockAccount): readonly Finding[] {
  const findings: Finding[] = account.gapless
    ? []
    : [{ invariant: "I10", subject: account.sku, detail: `its journal up to ${account.sequence} has a gap` }];
  return [...findings, ...checkBalances(account), ...checkResolutions(account)];
}

function checkBalances(account: StockAccount): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { location, onHand, held, journalOnHand } of account.locations) {
    const subject = `${account.sku} at ${location}`;
    const complain = (detail: string) => findings.push({ invariant: "I1", subject, detail });
    if (onHand < 0 || held < 0 || held > onHand) complain(`on hand ${onHand}, held ${held}`);
    if (onHand !== journalOnHand) complain(`on hand ${onHand}, the journal adds up to ${journalOnHand}`);
  }
  const balances = account.locations.reduce((sum, location) => sum + location.held, 0);
  const holds = account.holds.reduce((sum, hold) => sum + (hold.state === "held" ? hold.quantity : 0), 0);
  // Backordered units are promised without being held anywhere.
  if (balances > holds || holds > balances + account.backordered) {
    const detail = `open holds promise ${holds}, locations hold ${balances}, backordered ${account.backordered}`;
    findings.push({ invariant: "I1", subject: account.sku, detail });
  }
  return findings;
}

/** A tombstone was released before it held anything: it has nothing to resolve. */
function checkResolutions(account: StockAccount): readonly Finding[] {
  return account.holds.flatMap((hold): Finding[] => {
    const expected = hold.state === "held" || hold.quantity === 0 ? 0 : 1;
    if (hold.resolutions === expected) return [];
    const detail = `${hold.state} with ${hold.resolutions} resolving movements`;
    return [{ invariant: "I2", subject: `${account.sku} ${hold.holdId}`, detail }];
  });
}

/** Compares the analytics levels of one SKU with its balances. Levels of locations without movements are absent. */
export function checkLevels(account: StockAccount, levels: readonly StockLevel[]): readonly Finding[] {
  const byLocation = new Map(levels.map((level) => [level.location, level]));
  return account.locations.flatMap((balance): Finding[] => {
    const level = byLocation.get(balance.location);
    const subject = `stock level of ${account.sku} at ${balance.location}`;
    if (level === undefined) {
      const untouched = balance.onHand === 0 && balance.held === 0;
      return untouched ? [] : [{ invariant: "I12", subject, detail: "is missing in analytics" }];
    }
    if (level.onHand === balance.onHand && level.held === balance.held) return [];
    const detail = `analytics has ${level.onHand} on hand and ${level.held} held, the truth is ${balance.onHand} and ${balance.held}`;
    return [{ invariant: "I12", subject, detail }];
  });
}
