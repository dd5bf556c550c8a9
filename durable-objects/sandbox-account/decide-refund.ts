/** Pays back captured money, in parts if asked; never more than is left. Pure. */
import { err, ok, type Result } from "../../workers/shared/result.ts";
import { type ApiError, invalidRequest } from "./api-error.ts";
import { chargeOf, type IntentRecord, type Metadata, type RefundRecord, refundableOf } from "./records.ts";

export interface RefundRequest {
  /** Null: all that is left. */
  readonly amount: number | null;
  readonly reason: string | null;
  readonly metadata: Metadata;
}

export interface RefundChange {
  readonly intent: IntentRecord;
  readonly refund: RefundRecord;
}

export function refundIntent(
  intent: IntentRecord,
  request: RefundRequest,
  refundId: string,
  nowMs: number,
): Result<RefundChange, ApiError> {
  const charge = chargeOf(intent);
  if (charge === undefined || intent.amountCaptured === 0) {
    return err(invalidRequest(400, null, `The payment ${intent.id} has no captured charge to refund.`, null));
  }
  const left = refundableOf(intent);
  if (left === 0) {
    return err(invalidRequest(400, "charge_already_refunded", `The charge ${charge.id} is already refunded in full.`, null));
  }
  const amount = request.amount ?? left;
  if (amount > left) {
    return err(
      invalidRequest(400, null, `The refund of ${amount} is greater than the unrefunded ${left} of the charge.`, "amount"),
    );
  }
  const refund: RefundRecord = {
    id: refundId,
    createdMs: nowMs,
    intentId: intent.id,
    chargeId: charge.id,
    amount,
    currency: intent.currency,
    reason: request.reason,
    metadata: request.metadata,
  };
  return ok({ intent: { ...intent, amountRefunded: intent.amountRefunded + amount }, refund });
}
