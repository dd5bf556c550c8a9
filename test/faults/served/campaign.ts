/**
 * One served system, killed again and again while buyers and an operator are at it. After each restart everybody finishes
 * what they were doing, then the audit must be clean; at the end the buyers' word is held against all the books.
 */
import { setTimeout as pause } from "node:timers/promises";
import { pooled } from "../../system/pooled.ts";
import type { StockView } from "../../system/shop.ts";
import type { Random } from "../random.ts";
import { readOrders, readPayments, type SoldOrder } from "./books.ts";
import { Buyer, STORIES, type Story } from "./buyers.ts";
import { contradictions } from "./claims.ts";
import { CrashingSystem, type KillPlan } from "./crashing-system.ts";
import { isInFlight, PatientShop } from "./patient-shop.ts";

const PLENTY = ["TEA", "CUP", "POT", "TIN"];
const PLENTY_UNITS = 100_000;
const SCARCE = "RARE";
const SCARCE_UNITS = 8;
/** What goes on in the background when the buyers are through gets its chance to be killed, too. */
const LINGER_MS = 600;
/** So often the next kill meets the recovery from this one. */
const KILLED_AGAIN_ONE_IN = 4;
const SETTLE_DEADLINE_MS = 90_000;
const SETTLE_POLL_MS = 200;

interface AuditReport {
  readonly in_flight: number;
  readonly invariants: readonly { readonly id: string; readonly holds: boolean; readonly violations: readonly unknown[] }[];
}

/** Units that came in, for sure or perhaps. */
interface Receipt {
  readonly quantity: number;
  certain: boolean;
}

export class Campaign {
  /** How often it was killed where. */
  readonly places: Record<string, number> = {};
  readonly #crashing: CrashingSystem;
  readonly #shop: PatientShop;
  readonly #plans: readonly KillPlan[];
  readonly #random: Random;
  readonly #buyers: Buyer[] = [];
  readonly #receipts: Receipt[] = [];
  readonly #log: string[] = [];

  private constructor(crashing: CrashingSystem, plans: readonly KillPlan[], random: Random) {
    this.#crashing = crashing;
    this.#shop = new PatientShop(crashing.system, { whenUp: crashing.whenUp });
    this.#plans = plans;
    this.#random = random;
  }

  static async start(plans: readonly KillPlan[], random: Random): Promise<Campaign> {
    const crashing = await CrashingSystem.start(plans[0] ?? IDLE);
    const campaign = new Campaign(crashing, plans, random);
    await campaign.#shop.importProducts([
      ...PLENTY.map((sku, index) => ({ sku, priceMinor: 500 + 250 * index, stock: PLENTY_UNITS })),
      { sku: SCARCE, priceMinor: 9_900, stock: SCARCE_UNITS },
    ]);
    return campaign;
  }

  async stop(): Promise<void> {
    await this.#crashing.stop();
  }

  /** Where it was killed, the last at the end: for the message of a failing test. */
  get history(): readonly string[] {
    return this.#log;
  }

  /** @returns every contradiction that was found. */
  async run(): Promise<string[]> {
    let lives: Promise<unknown> = Promise.resolve();
    for (const [index, plan] of this.#plans.entries()) {
      lives = Promise.all([lives, this.#openDoors(index)]);
      // It is awaited below; one that fails before then is not nobody's.
      lives.catch(() => undefined);
      await this.#killOnce(plan, lives);
      await this.#crashing.restart(this.#plans[index + 1] ?? IDLE);
      if (this.#random.oneIn(KILLED_AGAIN_ONE_IN)) continue;
      await lives;
      const violations = await this.#settledAudit();
      if (violations.length > 0) return violations;
    }
    await lives;
    return await this.#heldAgainstTheBooks();
  }

  /** A buyer for every story, and the operator who receives stock. */
  #openDoors(round: number): Promise<unknown> {
    const company = this.#random.shuffled(STORIES).map((story, index) => this.#invite(story, `buyer-${round}-${index}`));
    this.#buyers.push(...company);
    return Promise.all([...company.map((buyer) => buyer.live()), this.#receive(round)]);
  }

  async #killOnce(plan: KillPlan, lives: Promise<unknown>): Promise<void> {
    const killed = this.#crashing.arm();
    const reached = await Promise.race([killed.then(() => true), lives.then(() => pause(LINGER_MS, false))]);
    this.#crashing.kill();
    const place = reached ? placeOf(plan) : "with nothing under way";
    this.#log.push(place);
    this.places[place] = (this.places[place] ?? 0) + 1;
  }

  #invite(story: Story, name: string): Buyer {
    return new Buyer(this.#shop, { name, story, units: this.#unitsFor(story) });
  }

  #unitsFor(story: Story): Record<string, number> {
    const random = this.#random;
    const units: Record<string, number> = { [random.pick(PLENTY)]: random.integer(1, 3) };
    if (story === "wants what is scarce") return { [SCARCE]: random.integer(1, 2), ...units };
    if (story === "pays for several lines") for (const sku of PLENTY) units[sku] ??= 1;
    return units;
  }

  /** A few units of what is scarce come in. */
  async #receive(round: number): Promise<void> {
    const receipt = { quantity: this.#random.integer(1, 2), certain: false };
    this.#receipts.push(receipt);
    const answer = await this.#shop.admin("POST", `/v1/admin/stock/${SCARCE}/receipts`, {
      body: { quantity: receipt.quantity },
      headers: { "idempotency-key": `receipt-${round}` },
    });
    if (isInFlight(answer)) return;
    if (answer.status !== 201) throw new Error(`a receipt was refused: ${JSON.stringify(answer.body)}`);
    receipt.certain = true;
  }

  /** @returns violations of the invariants, once nothing is under way any more. */
  async #settledAudit(): Promise<string[]> {
    const deadlineMs = Date.now() + SETTLE_DEADLINE_MS;
    for (;;) {
      const { body } = await this.#shop.admin<AuditReport>("GET", "/v1/admin/audit");
      const broken = body.invariants.filter(({ holds }) => !holds);
      if (body.in_flight === 0) return broken.map((invariant) => JSON.stringify(invariant));
      if (Date.now() > deadlineMs) return [`${body.in_flight} sagas do not end`];
      await pause(SETTLE_POLL_MS);
    }
  }

  async #heldAgainstTheBooks(): Promise<string[]> {
    await pooled(this.#buyers, async (buyer) => {
      await buyer.checkOut();
      await buyer.askAgain();
    });
    const violations = await this.#settledAudit();
    const orders = await readOrders(this.#shop);
    const payments = await readPayments(this.#crashing.system);
    const claims = this.#buyers.map(({ claim }) => claim);
    return [
      ...violations,
      ...contradictions(claims, orders, payments),
      ...(await this.#againstStock(orders)),
      ...this.#shop.bugs,
    ];
  }

  async #againstStock(orders: readonly SoldOrder[]): Promise<string[]> {
    const sold = new Map<string, number>();
    for (const { sku, quantity } of orders.flatMap((order) => order.sold)) sold.set(sku, (sold.get(sku) ?? 0) + quantity);
    const checks = [...PLENTY, SCARCE].map(async (sku) => {
      const stock = await this.#shop.stock(sku);
      const opened = sku === SCARCE ? SCARCE_UNITS : PLENTY_UNITS;
      const receipts = sku === SCARCE ? this.#receipts : [];
      return againstUnits(sku, stock, opened - (sold.get(sku) ?? 0), receipts);
    });
    return (await Promise.all(checks)).flat();
  }
}

const IDLE: KillPlan = { kind: "moment", afterMs: 0 };

function placeOf(plan: KillPlan): string {
  return plan.kind === "point" ? plan.point : "at a random moment";
}

/** @param left what the orders leave of the opening stock. */
function againstUnits(sku: string, stock: StockView, left: number, receipts: readonly Receipt[]): string[] {
  const certain = receipts.reduce((sum, receipt) => sum + (receipt.certain ? receipt.quantity : 0), 0);
  const most = receipts.reduce((sum, receipt) => sum + receipt.quantity, 0);
  const plausible = stock.on_hand >= left + certain && stock.on_hand <= left + most;
  return [
    ...(stock.held === 0 ? [] : [`${stock.held} of ${sku} stay held`]),
    ...(plausible ? [] : [`${stock.on_hand} of ${sku} are on hand, the orders leave ${left} and ${certain} came in`]),
  ];
}
