/** What may be paid back and put back: refunds by amount, by lines or of all that is left, and cancelling a placed order. Pure. */
import { allocate } from "../../workers/shared/money.ts";
import { err, ok, type Result } from "../../workers/shared/result.ts";
import type { RefundError, RefundOrder } from "./contract.ts";
import { type OrderRecord, type RefundLine, type RefundRecord, reservedMinor, type Units } from "./order-record.ts";

/** An order's row holds its refunds; nobody refunds one order more often. */
const REFUNDS_MAX = 500;

const REFUNDABLE_STATUSES: readonly string[] = ["placed", "fulfilled", "completed"];

/** The refund to carry out: a new one, or the one that this key made before. */
export function decideRefund(
  record: OrderRecord,
  command: RefundOrder,
  refundId: string,
  nowMs: number,
): Result<RefundRecord, RefundError> {
  const known = record.refunds.find((refund) => refund.key === command.idempotencyKey);
  if (known !== undefined) return known.bodySha256 === command.bodySha256 ? ok(known) : err({ code: "key_reused" });
  const refusal = refusalOf(record);
  if (refusal !== undefined) return err({ code: "not_refundable", message: refusal });
  const refundableMinor = refundableOf(record);
  const lines = linesToRefund(record, command, refundableMinor);
  if (!lines.ok) return lines;
  const valueMinor = command.lines.length > 0 ? sumOf(lines.value) : refundableMinor;
  const amountMinor = command.amountMinor ?? valueMinor;
  if (amountMinor > refundableMinor) return err({ code: "refund_exceeds_captured", refundableMinor });
  if (amountMinor <= 0) return err({ code: "not_refundable", message: "There is nothing left to refund." });
  if (command.restock && lines.value.length === 0) {
    return err({ code: "refund_lines_invalid", message: "Name the lines to put back in stock with a part of the amount." });
  }
  return ok({
    id: refundId,
    key: command.idempotencyKey,
    bodySha256: command.bodySha256,
    amountMinor,
    lines: shareOut(lines.value, amountMinor),
    restock: command.restock ? lines.value.map(unitsOf) : [],
    withdrawn: withdrawnBy(record, lines.value),
    step: "paying",
    cancelReason: null,
    refusal: null,
    tries: 0,
    waitUntilMs: null,
    atMs: nowMs,
  });
}

/** Pays back all that is left and puts back what nobody shipped; the order is cancelled when both are done. */
export function cancelPlaced(record: OrderRecord, reason: string, refundId: string, nowMs: number): RefundRecord {
  const amountMinor = refundableOf(record);
  const toShip = unitsToShip(record);
  return {
    id: refundId,
    key: null,
    bodySha256: "",
    amountMinor,
    lines: shareOut(valued(record, unitsToRefund(record)), amountMinor),
    restock: toShip,
    withdrawn: toShip,
    step: "paying",
    cancelReason: reason,
    refusal: null,
    tries: 0,
    waitUntilMs: null,
    atMs: nowMs,
  };
}

export function refundableOf(record: OrderRecord): number {
  return Math.max(0, record.capturedMinor - reservedMinor(record));
}

/** Ordered, not shipped, not taken out by a refund. */
export function unitsToShip(record: OrderRecord): Units[] {
  const gone = [
    ...record.shipments.flatMap((shipment) => shipment.lines),
    ...alive(record).flatMap((refund) => refund.withdrawn),
  ];
  return subtract(record.lines, gone);
}

function unitsToRefund(record: OrderRecord): Units[] {
  return subtract(
    record.lines,
    alive(record).flatMap((refund) => refund.lines),
  );
}

function alive(record: OrderRecord): RefundRecord[] {
  return record.refunds.filter((refund) => refund.step !== "refused");
}

function refusalOf(record: OrderRecord): string | undefined {
  if (!REFUNDABLE_STATUSES.includes(record.status)) return `An order that is ${record.status} cannot be refunded.`;
  if (record.refunds.some((refund) => refund.cancelReason !== null && refund.step !== "refused")) {
    return "The order is being cancelled, which refunds all of it.";
  }
  return record.refunds.length >= REFUNDS_MAX ? "The order has too many refunds." : undefined;
}

/** Lines as asked for; all that is left when the whole rest is paid back; none for a part by amount. */
function linesToRefund(
  record: OrderRecord,
  command: RefundOrder,
  refundableMinor: number,
): Result<RefundLine[], Extract<RefundError, { readonly code: "refund_lines_invalid" }>> {
  const left = unitsToRefund(record);
  if (command.lines.length === 0) {
    const everything = command.amountMinor === null || command.amountMinor === refundableMinor;
    return ok(everything ? valued(record, left) : []);
  }
  const asked = sumUnits(command.lines);
  for (const { sku, quantity } of asked) {
    const available = left.find((line) => line.sku === sku)?.quantity ?? 0;
    if (!Number.isSafeInteger(quantity) || quantity <= 0 || quantity > available) {
      return err({ code: "refund_lines_invalid", message: `${sku}: ${available} can be refunded.` });
    }
  }
  return ok(valued(record, asked));
}

function valued(record: OrderRecord, units: readonly Units[]): RefundLine[] {
  return units.map(({ sku, quantity }) => {
    const unitPriceMinor = record.lines.find((line) => line.sku === sku)?.unitPriceMinor ?? 0;
    return { sku, quantity, amountMinor: unitPriceMinor * quantity };
  });
}

/** Lines never say more than was paid back. */
function shareOut(lines: readonly RefundLine[], amountMinor: number): RefundLine[] {
  if (sumOf(lines) <= amountMinor) return [...lines];
  const parts = allocate(
    amountMinor,
    lines.map((line) => line.amountMinor),
  );
  return lines.map((line, index) => ({ ...line, amountMinor: parts[index] ?? 0 }));
}

function withdrawnBy(record: OrderRecord, lines: readonly Units[]): Units[] {
  const toShip = unitsToShip(record);
  return lines.flatMap(({ sku, quantity }) => {
    const taken = Math.min(quantity, toShip.find((line) => line.sku === sku)?.quantity ?? 0);
    return taken > 0 ? [{ sku, quantity: taken }] : [];
  });
}

function sumOf(lines: readonly RefundLine[]): number {
  return lines.reduce((sum, line) => sum + line.amountMinor, 0);
}

function unitsOf({ sku, quantity }: Units): Units {
  return { sku, quantity };
}

/** One entry a SKU, in order of appearance. */
export function sumUnits(units: readonly Units[]): Units[] {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of units) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return Array.from(sums, ([sku, quantity]) => ({ sku, quantity }));
}

function subtract(from: readonly Units[], gone: readonly Units[]): Units[] {
  const taken = new Map(sumUnits(gone).map((line) => [line.sku, line.quantity]));
  return from.flatMap(({ sku, quantity }) => {
    const left = quantity - (taken.get(sku) ?? 0);
    return left > 0 ? [{ sku, quantity: left }] : [];
  });
}
