/** Histories in which the shop was wrong once, each as small as it could be made. */
import type { History } from "./history.ts";

export const FAILED_ONCE: Readonly<Record<string, History>> = {
  "a cart of two SKUs, cancelled while only one of them was committed, is not put back whole": {
    seed: 20_263_235,
    stock: { A: 3, B: 1, C: 7 },
    backorderable: false,
    happenings: [
      {
        kind: "buy",
        atMs: 106,
        buyer: 0,
        lines: [
          { sku: "A", quantity: 2 },
          { sku: "C", quantity: 2 },
        ],
        unitPriceMinor: 1_000,
        card: "visa",
      },
      { kind: "crash", atMs: 270, node: "partition" },
      { kind: "cancel", atMs: 294, buyer: 0 },
    ],
    fates: [{ kind: "commit", nth: 3, fate: "late" }],
  },
  "events that a queue refused are sent again although an alarm rang before their turn": {
    seed: 20_262_436,
    stock: { A: 4, B: 0, C: 7 },
    backorderable: false,
    happenings: [
      { kind: "buy", atMs: 308, buyer: 0, lines: [{ sku: "C", quantity: 2 }], unitPriceMinor: 1_000, card: "visa" },
      { kind: "bank", atMs: 412, buyer: 0, decides: "authorized", webhookMs: 257 },
      { kind: "crash", atMs: 464, node: "partition" },
    ],
    fates: [{ kind: "send", nth: 2, fate: "answer_lost" }],
  },
};
