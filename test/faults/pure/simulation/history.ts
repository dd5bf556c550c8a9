/** One history of a shop: what it has in stock, what people do to it and when, and what breaks. Drawn from a seed; printable. Pure. */
import { Random } from "../../random.ts";
import { FATES, type Fate, MESSAGE_KINDS, type MessageKind } from "./network.ts";

export const SKUS = ["A", "B", "C"] as const;
export type SkuName = (typeof SKUS)[number];
export const NODES = ["partition", "inventory", "follower", "everything"] as const;
export const CLOCKS = ["partition", "stock", "everywhere"] as const;

export interface Buy {
  readonly kind: "buy";
  readonly buyer: number;
  /** A SKU may come twice. */
  readonly lines: readonly { readonly sku: SkuName; readonly quantity: number }[];
  readonly unitPriceMinor: number;
  readonly card: "visa" | "chargeDeclined" | "authenticationRequired" | "rejected";
}

/** `buyer` is the number of a `buy`; what has no order yet is left alone. */
export type Deed =
  | Buy
  | { readonly kind: "pay_again"; readonly buyer: number; readonly sameKey: boolean }
  | {
      readonly kind: "bank";
      readonly buyer: number;
      readonly decides: "authorized" | "declined" | "cancelled";
      readonly webhookMs: number;
    }
  | { readonly kind: "come_back"; readonly buyer: number }
  | { readonly kind: "abandon"; readonly buyer: number }
  | { readonly kind: "cancel"; readonly buyer: number }
  | {
      readonly kind: "refund";
      readonly buyer: number;
      readonly amountMinor: number | null;
      readonly units: number;
      readonly restock: boolean;
      readonly key: string;
    }
  | { readonly kind: "ship"; readonly buyer: number }
  | { readonly kind: "move_stock"; readonly sku: SkuName; readonly units: number }
  | { readonly kind: "crash"; readonly node: (typeof NODES)[number] }
  | { readonly kind: "clock"; readonly of: (typeof CLOCKS)[number]; readonly errorMs: number };

export type Happening = Deed & { readonly atMs: number };

export interface History {
  /** Decides how long messages take. */
  readonly seed: number;
  readonly stock: Readonly<Record<SkuName, number>>;
  readonly backorderable: boolean;
  readonly happenings: readonly Happening[];
  /** What becomes of the nth message of a kind, counted from 1. */
  readonly fates: readonly { readonly kind: MessageKind; readonly nth: number; readonly fate: Fate }[];
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** Longer than a hold, so that some things happen after its end. */
export const HISTORY_MS = 25 * MINUTE_MS;
const NTH_MAX = 5;

export function drawHistory(seed: number): History {
  const random = new Random(seed);
  const buyers = random.integer(1, 3);
  const buys = Array.from({ length: buyers }, (_, buyer) => ({ ...drawBuy(random, buyer), atMs: random.integer(0, 400) }));
  const episodes = Array.from({ length: random.integer(0, 3) }, () => drawEpisode(random, random.pick(buys)));
  const fates = Array.from({ length: random.integer(0, 5) }, () => ({
    kind: random.pick(MESSAGE_KINDS),
    nth: random.integer(1, NTH_MAX),
    fate: random.pick(FATES),
  }));
  return {
    seed,
    stock: { A: random.integer(0, 4), B: random.integer(0, 4), C: random.integer(1, 9) },
    backorderable: random.oneIn(6),
    happenings: [...buys, ...episodes.flat()].sort((one, other) => one.atMs - other.atMs),
    fates,
  };
}

/** Troubles come together: what follows a crash within moments finds more than the crash alone. */
function drawEpisode(random: Random, buy: Buy & { readonly atMs: number }): Happening[] {
  let atMs = drawMoment(random, buy.atMs);
  return Array.from({ length: random.integer(1, 3) }, () => {
    const happening = { ...drawDeed(random, buy.buyer), atMs };
    atMs += random.integer(0, 150);
    return happening;
  });
}

function drawBuy(random: Random, buyer: number): Buy {
  const lines = Array.from({ length: random.integer(1, 3) }, () => ({ sku: random.pick(SKUS), quantity: random.integer(1, 2) }));
  const card = random.pick([
    "visa",
    "visa",
    "visa",
    "authenticationRequired",
    "authenticationRequired",
    "chargeDeclined",
    "rejected",
  ] as const);
  return { kind: "buy", buyer, lines, unitPriceMinor: random.oneIn(10) ? 0 : 1_000, card };
}

/** Most things meet a checkout under way; some come around or after the end of its hold. */
function drawMoment(random: Random, boughtAtMs: number): number {
  const kind = random.integer(0, 9);
  if (kind < 7) return boughtAtMs + random.integer(0, 300);
  return kind < 8 ? random.integer(0, 90 * SECOND_MS) : random.integer(0, HISTORY_MS);
}

function drawDeed(random: Random, buyer: number): Deed {
  switch (random.integer(0, 14)) {
    case 0:
    case 1:
    case 2:
      return { kind: "crash", node: random.oneIn(2) ? "partition" : random.pick(NODES) };
    case 3:
    case 4:
    case 5:
      return {
        kind: "bank",
        buyer,
        decides: random.pick(["authorized", "authorized", "declined", "cancelled"]),
        webhookMs: drawMoment(random, 0),
      };
    case 6:
      return { kind: "clock", of: random.pick(CLOCKS), errorMs: random.integer(-15, 15) * MINUTE_MS };
    case 7:
      return { kind: "pay_again", buyer, sameKey: random.oneIn(2) };
    case 8:
      return { kind: "come_back", buyer };
    case 9:
      return { kind: "abandon", buyer };
    case 10:
    case 11:
      return { kind: "cancel", buyer };
    case 12:
      return { kind: "ship", buyer };
    case 13:
      return { kind: "move_stock", sku: random.pick(SKUS), units: random.integer(-2, 3) };
    default:
      return drawRefund(random, buyer);
  }
}

function drawRefund(random: Random, buyer: number): Deed {
  const units = random.integer(0, 1);
  const amountMinor = units === 0 || random.oneIn(3) ? random.pick([null, 1, 500, 5_000]) : null;
  return { kind: "refund", buyer, amountMinor, units, restock: random.oneIn(2), key: random.pick(["r1", "r2"]) };
}
