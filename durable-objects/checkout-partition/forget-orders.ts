/** Forgets the shoppers of orders, one order at a time between everything else that is done to it, then looks through the log. */
import type { OpenOrder } from "../../workers/shared/privacy.ts";
import type { ErasedOrders } from "./contract.ts";
import { eraseOrder, hasWrittenEvents, isErased, openOrderOf } from "./erase-order.ts";
import type { OperateDependencies } from "./operate-order.ts";
import type { PersonStore } from "./person-store.ts";

export interface ForgetDependencies extends Pick<OperateDependencies, "store" | "runner" | "clock"> {
  readonly persons: PersonStore;
}

/** Idempotent. @param afterSequence where the page before ended */
export async function eraseOrders(
  deps: ForgetDependencies,
  orderIds: readonly string[],
  afterSequence: number,
): Promise<ErasedOrders> {
  const open: OpenOrder[] = [];
  const toBlank: string[] = [];
  let erased = 0;
  for (const orderId of orderIds) {
    const outcome = await deps.runner.exclusively(orderId, async () => forgetOrder(deps, orderId));
    if (outcome.open !== undefined) open.push(outcome.open);
    if (outcome.erased) erased += 1;
    if (outcome.hasWrittenEvents) toBlank.push(orderId);
  }
  const next = toBlank.length === 0 ? null : deps.store.transaction(() => deps.persons.blankEvents(toBlank, afterSequence));
  return { erased, open, next };
}

interface Outcome {
  readonly open: OpenOrder | undefined;
  readonly erased: boolean;
  readonly hasWrittenEvents: boolean;
}

const NOTHING: Outcome = { open: undefined, erased: false, hasWrittenEvents: false };

function forgetOrder({ store, persons, clock }: ForgetDependencies, orderId: string): Outcome {
  return store.transaction(() => {
    const record = store.readOrder(orderId);
    if (record === undefined) return NOTHING;
    const open = openOrderOf(record);
    if (open !== undefined) return { ...NOTHING, open };
    const isNew = !isErased(record);
    if (isNew) store.updateOrder(eraseOrder(record), clock.now());
    persons.removeCart(record.cartId);
    return { open: undefined, erased: isNew, hasWrittenEvents: hasWrittenEvents(record) };
  });
}
