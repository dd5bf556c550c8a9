/** Inventory and payments as their contracts describe them, in memory: what the partition's service tests run against. */
import { err, ok } from "../../../workers/shared/result.ts";
import { ModelProvider } from "../../faults/model-provider.ts";

interface Hold {
  state: "held" | "committed" | "released" | "expired";
  lines: readonly { readonly sku: string; readonly quantity: number }[];
  expiresAtMs: number;
}

export class ModelPeers extends ModelProvider {
  readonly stock = new Map<string, number>();
  readonly holds = new Map<string, Hold>();
  readonly restocks = new Set<string>();

  available(sku: string, nowMs: number): number {
    let held = 0;
    for (const hold of this.holds.values()) {
      if (hold.state === "held" && hold.expiresAtMs > nowMs) held += quantityOf(hold, sku);
    }
    return (this.stock.get(sku) ?? 0) - held;
  }

  hold(command: { holdId: string; lines: Hold["lines"]; expiresAtMs: number }, nowMs: number) {
    const known = this.holds.get(command.holdId);
    if (known !== undefined) {
      this.#expire(known, nowMs);
      if (known.state === "held") return ok({ expiresAtMs: known.expiresAtMs });
      return err({ code: "hold_resolved", skus: command.lines.map((line) => line.sku) });
    }
    const unknown = command.lines.filter((line) => !this.stock.has(line.sku)).map((line) => line.sku);
    if (unknown.length > 0) return err({ code: "unknown_sku", skus: unknown });
    const shortages = command.lines.flatMap(({ sku, quantity }) => {
      const available = this.available(sku, nowMs);
      return available < quantity ? [{ sku, requested: quantity, available: Math.max(0, available) }] : [];
    });
    if (shortages.length > 0) return err({ code: "out_of_stock", shortages });
    this.holds.set(command.holdId, { state: "held", lines: command.lines, expiresAtMs: command.expiresAtMs });
    return ok({ expiresAtMs: command.expiresAtMs });
  }

  commit(holdId: string, nowMs: number) {
    const hold = this.holds.get(holdId);
    if (hold !== undefined) this.#expire(hold, nowMs);
    if (hold === undefined || hold.state === "released" || hold.state === "expired") {
      return err({ code: "hold_expired", skus: hold?.lines.map((line) => line.sku) ?? [] });
    }
    if (hold.state === "held") {
      hold.state = "committed";
      for (const { sku, quantity } of hold.lines) this.stock.set(sku, (this.stock.get(sku) ?? 0) - quantity);
    }
    return ok(null);
  }

  release(holdId: string) {
    const hold = this.holds.get(holdId);
    if (hold?.state === "committed") return err({ code: "already_committed", skus: hold.lines.map((line) => line.sku) });
    if (hold === undefined) this.holds.set(holdId, { state: "released", lines: [], expiresAtMs: 0 });
    else if (hold.state === "held") hold.state = "released";
    return ok(null);
  }

  restock(command: { reference: string; lines: Hold["lines"] }) {
    if (!this.restocks.has(command.reference)) {
      this.restocks.add(command.reference);
      for (const { sku, quantity } of command.lines) this.stock.set(sku, (this.stock.get(sku) ?? 0) + quantity);
    }
    return ok(null);
  }

  #expire(hold: Hold, nowMs: number): void {
    if (hold.state === "held" && hold.expiresAtMs <= nowMs) hold.state = "expired";
  }
}

function quantityOf(hold: Hold, sku: string): number {
  return hold.lines.reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0);
}
