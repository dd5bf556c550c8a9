/** The books of one SKU by themselves (I1, I2, I10). Pure. */
import type { StockAccount } from "../../workers/inventory/contract.ts";
import type { Finding } from "./finding.ts";

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
