/** Makes the saga's calls: one guarded RPC each. A peer that does not answer is a value, never a throw. */
import type { PeerCalls, PeerPolicy } from "../../workers/shared/call-peer.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";
import type { PartitionEnv } from "./env.ts";
import { type Holds, INVENTORY_POLICY } from "./hold-together.ts";
import type { SagaAnswer, SagaCall } from "./saga-state.ts";

/** The provider behind payments is slow at times; payments has its own retries towards it. */
export const PAYMENTS_POLICY: PeerPolicy = { service: "payments", deadlineMs: 12_000, retries: 1 };

export async function performCall(
  { INVENTORY, PAYMENTS }: Pick<PartitionEnv, "INVENTORY" | "PAYMENTS">,
  { callPeer }: Pick<PeerCalls, "callPeer">,
  holds: Holds,
  call: SagaCall,
  context: CallContext,
): Promise<SagaAnswer> {
  switch (call.call) {
    case "hold":
      return { call: "hold", result: await holds.hold(call.command, context) };
    case "commit":
      return { call: "commit", result: await callPeer(INVENTORY_POLICY, () => INVENTORY.commit(call.command, context)) };
    case "release":
      return { call: "release", result: await callPeer(INVENTORY_POLICY, () => INVENTORY.release(call.command, context)) };
    case "restock":
      return { call: "restock", result: await callPeer(INVENTORY_POLICY, () => INVENTORY.restock(call.command, context)) };
    case "authorize":
      return { call: "authorize", result: await callPeer(PAYMENTS_POLICY, () => PAYMENTS.authorize(call.command, context)) };
    case "inspect":
      return { call: "inspect", result: await callPeer(PAYMENTS_POLICY, () => PAYMENTS.inspect(call.paymentId, context)) };
    case "capture":
      return {
        call: "capture",
        result: await callPeer(PAYMENTS_POLICY, () => PAYMENTS.capture(call.paymentId, call.amountMinor, context)),
      };
    case "void":
      return { call: "void", result: await callPeer(PAYMENTS_POLICY, () => PAYMENTS.cancel(call.paymentId, context)) };
    case "refund":
      return { call: "refund", result: await callPeer(PAYMENTS_POLICY, () => PAYMENTS.refund(call.command, context)) };
  }
}
