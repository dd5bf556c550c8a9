/**
 * CheckoutPartition: many carts and orders behind one name (`3-7`). This is the shell: it loads, lets the pure files
 * decide, writes in one transaction, and calls peers outside of it. The alarm takes up whatever a crash left.
 */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import type { Order, OrderAccount, OrderUnknown, PartitionAccount, PartitionBooks } from "../../workers/orders/contract.ts";
import { systemClock } from "../../workers/shared/clock.ts";
import { parseConfiguration } from "../../workers/shared/configuration.ts";
import { parsePartitionName } from "../../workers/shared/identifiers.ts";
import { ObjectTimers } from "../../workers/shared/later.ts";
import { RecoverableDurableObject } from "../../workers/shared/recoverable-durable-object.ts";
import { err, ok, type Result } from "../../workers/shared/result.ts";
import { type CallContext, logger, newContext } from "../../workers/shared/telemetry.ts";
import { createCart, emptyCart, priceableOf, putLines, updateCart, visibleCart } from "./change-cart.ts";
import { type CheckoutDependencies, checkout } from "./checkout.ts";
import type {
  CancelError,
  CannotShip,
  Cart,
  CartError,
  CartExpired,
  CartOwner,
  CartTooLarge,
  CheckoutAnswer,
  CheckoutCommand,
  CheckoutPartitionApi,
  CreateCart,
  PutLines,
  RefundError,
  RefundOrder,
  ShipError,
  ShipOrder,
  ShippingOption,
  ShopPolicy,
  TooManyLines,
  UpdateCart,
} from "./contract.ts";
import { eventQueues, PartitionConfiguration, type PartitionEnv } from "./env.ts";
import { eraseOrders } from "./forget-orders.ts";
import { abandonPayment, cancelOrder, complete, refundOrder, resumePayment, runDueOrder, ship } from "./operate-order.ts";
import { type OrderRecord, RUN_LEASE_MS, viewAccount, viewOrder } from "./order-record.ts";
import { PersonStore } from "./person-store.ts";
import { offeredOptions } from "./price-cart.ts";
import { EventPublisher } from "./publish-events.ts";
import { OrderRunner } from "./run-order.ts";
import { PartitionStore } from "./store.ts";

const MINUTE_MS = 60_000;
const TIDY_INTERVAL_MS = 6 * 60 * MINUTE_MS;
/** After a start, whoever woke the object goes first; what a crash left follows. */
const TAKE_UP_DELAY_MS = 1_000;
/** Orders that one alarm takes up, and how many of them at once. */
const DUE_ORDERS_MAX = 64;
const DUE_ORDERS_AT_ONCE = 8;
/** A run that holds its order longer than its lease is looked at again after this. */
const BUSY_RECHECK_MS = 5_000;
/** Rows of one page of a log or an audit. */
const PAGE_ROWS_MAX = 500;

export class CheckoutPartition extends RecoverableDurableObject<PartitionEnv> implements CheckoutPartitionApi {
  readonly #store: PartitionStore;
  readonly #persons: PersonStore;
  readonly #runner: OrderRunner;
  readonly #publisher: EventPublisher;
  readonly #deps: CheckoutDependencies;
  #alarmAtMs: number | null = null;

  constructor(ctx: DurableObjectState, env: PartitionEnv) {
    super(ctx, env);
    const { HOLD_MINUTES, CAPABILITY_SECRET, SHOP_CURRENCY } = parseConfiguration("orders", PartitionConfiguration, env);
    const clock = systemClock;
    const { later } = new ObjectTimers();
    const arm = (atMs: number) => this.#arm(atMs);
    const store = new PartitionStore(ctx.storage, ctx.id.name);
    const partition = parsePartitionName(store.partition);
    this.#store = store;
    this.#persons = new PersonStore(ctx.storage);
    const common = { store, partition, clock, later, arm };
    this.#runner = new OrderRunner({ ...common, peers: () => this.env });
    this.#publisher = new EventPublisher({ log: store.log, queues: () => eventQueues(this.env), clock, later, arm });
    this.#deps = {
      ...common,
      runner: this.#runner,
      holdMs: HOLD_MINUTES * MINUTE_MS,
      capabilitySecret: CAPABILITY_SECRET,
      emptyCart: (cartId) => emptyCart(cartId, SHOP_CURRENCY),
      waitUntil: (work) => ctx.waitUntil(work),
      publish: () => this.#publish(),
    };
    ctx.blockConcurrencyWhile(() => this.#takeUp());
  }

  async createCart(command: CreateCart, _context: CallContext): Promise<Result<Cart, never>> {
    const present = this.#store.readCart(command.cartId);
    if (present !== undefined) return ok(present);
    const cart = createCart(command);
    this.#writeCart(undefined, cart);
    return ok(cart);
  }

  async readCart(cartId: string): Promise<Result<Cart, CartExpired>> {
    return visibleCart(this.#store.readCart(cartId) ?? this.#deps.emptyCart(cartId), systemClock.now());
  }

  async putLines(command: PutLines, _context: CallContext): Promise<Result<Cart, CartError | TooManyLines | CartTooLarge>> {
    return this.#changeCart(command.cartId, (cart) => putLines(cart, command, systemClock.now()));
  }

  async updateCart(command: UpdateCart, _context: CallContext): Promise<Result<Cart, CartError | CannotShip | CartTooLarge>> {
    return this.#changeCart(command.cartId, (cart) => updateCart(cart, command, systemClock.now()));
  }

  async shippingOptions(
    cartId: string,
    policy: ShopPolicy,
    country: string | null = null,
  ): Promise<Result<readonly ShippingOption[], CartExpired>> {
    const cart = visibleCart(this.#store.readCart(cartId) ?? this.#deps.emptyCart(cartId), systemClock.now());
    if (!cart.ok) return cart;
    const priceable = priceableOf(cart.value);
    return ok(offeredOptions({ ...priceable, country: country ?? priceable.country }, policy));
  }

  async checkout(command: CheckoutCommand, context: CallContext): Promise<CheckoutAnswer> {
    return await checkout(this.#deps, command, context);
  }

  async readOrder(orderId: string): Promise<Result<Order, OrderUnknown>> {
    const record = this.#store.readOrder(orderId);
    return record === undefined ? err({ code: "order_unknown" }) : ok(viewOrder(record));
  }

  async readOrders(orderIds: readonly string[]): Promise<readonly Order[]> {
    return this.#storedOrders(orderIds).map(viewOrder);
  }

  async resumePayment(orderId: string, context: CallContext): Promise<Result<Order, OrderUnknown>> {
    return await this.#thenPublish(resumePayment(this.#deps, orderId, context));
  }

  async abandonPayment(orderId: string, context: CallContext): Promise<Result<Order, OrderUnknown>> {
    return await this.#thenPublish(abandonPayment(this.#deps, orderId, context));
  }

  async refund(command: RefundOrder, context: CallContext): Promise<Result<Order, RefundError>> {
    return await this.#thenPublish(refundOrder(this.#deps, command, context));
  }

  async cancel(orderId: string, reason: string, context: CallContext): Promise<Result<Order, CancelError>> {
    return await this.#thenPublish(cancelOrder(this.#deps, orderId, reason, context));
  }

  async ship(command: ShipOrder, context: CallContext): Promise<Result<Order, ShipError>> {
    return await this.#thenPublish(ship(this.#deps, command, context));
  }

  async complete(
    orderId: string,
    context: CallContext,
  ): Promise<Result<Order, OrderUnknown | { readonly code: "not_completable"; readonly status: string }>> {
    return await this.#thenPublish(complete(this.#deps, orderId, context));
  }

  async readEvents(afterSequence: number, limit: number): Promise<readonly OrderEvent[]> {
    return this.#store.log.read(afterSequence, pageRows(limit));
  }

  async readAccount(): Promise<PartitionAccount> {
    return this.#store.account();
  }

  async readLogEnd(): Promise<number> {
    return this.#store.log.lastSequence();
  }

  async listOrderAccounts(afterOrderId: string, limit: number): Promise<readonly OrderAccount[]> {
    return this.#store.listOrders(afterOrderId, pageRows(limit)).map(viewAccount);
  }

  async readOrderAccounts(orderIds: readonly string[]): Promise<readonly OrderAccount[]> {
    return this.#storedOrders(orderIds).map(viewAccount);
  }

  async readBooks(afterOrderId: string, afterSequence: number, orders: number, events: number): Promise<PartitionBooks> {
    return {
      account: afterOrderId === "" && afterSequence === 0 ? this.#store.account() : null,
      orders: this.#store.listOrders(afterOrderId, pageRows(orders)).map(viewAccount),
      events: this.#store.log.read(afterSequence, pageRows(events)),
    };
  }

  async listCartsOf(owner: CartOwner, afterCartId: string) {
    return this.#persons.cartsOf(owner, afterCartId);
  }

  async eraseCartsOf(owner: CartOwner, afterCartId: string) {
    return this.#store.transaction(() => this.#persons.removeCartsOf(owner, afterCartId));
  }

  async eraseOrders(orderIds: readonly string[], afterSequence: number) {
    return await eraseOrders({ ...this.#deps, persons: this.#persons }, orderIds.slice(0, PAGE_ROWS_MAX), afterSequence);
  }

  /** Never throws: an alarm that throws six times is gone for good. */
  override async alarm(): Promise<void> {
    this.#alarmAtMs = null;
    try {
      await this.#runDue();
      await this.#publisher.publish();
      this.#store.log.savePublished();
      this.#tidy();
      this.#armForDue();
    } catch (error) {
      logger("orders").error("partition_alarm_failed", error);
      this.#arm(systemClock.now() + MINUTE_MS);
    }
  }

  #storedOrders(orderIds: readonly string[]): OrderRecord[] {
    return orderIds.slice(0, PAGE_ROWS_MAX).flatMap((orderId) => this.#store.readOrder(orderId) ?? []);
  }

  async #takeUp(): Promise<void> {
    this.#alarmAtMs = await this.ctx.storage.getAlarm();
    const nowMs = systemClock.now();
    this.#store.transaction(() => this.#store.releaseLeases(nowMs));
    const due = this.#store.nextDueAtMs();
    if (due !== null) this.#arm(Math.max(due, nowMs + TAKE_UP_DELAY_MS));
    if (this.#store.log.publishedSequence() < this.#store.log.lastSequence()) this.#arm(nowMs + TAKE_UP_DELAY_MS);
  }

  async #runDue(): Promise<void> {
    const context = newContext();
    const due = this.#store.dueOrders(systemClock.now(), DUE_ORDERS_MAX).filter((id) => !this.#runner.isRunning(id));
    const next = due.values();
    const takeUp = async () => {
      for (const orderId of next) {
        await runDueOrder(this.#deps, orderId, context).catch((error: unknown) =>
          logger("orders", context).error("order_run_failed", error, { order_id: orderId }),
        );
      }
    };
    await Promise.all(Array.from({ length: DUE_ORDERS_AT_ONCE }, takeUp));
  }

  #tidy(): void {
    const nowMs = systemClock.now();
    if (nowMs >= this.#store.tidyAtMs()) {
      this.#store.transaction(() => {
        const more = this.#store.tidy(nowMs);
        this.#store.setTidyAtMs(nowMs + (more ? TAKE_UP_DELAY_MS : TIDY_INTERVAL_MS));
      });
    }
    this.#arm(this.#store.tidyAtMs());
  }

  #armForDue(): void {
    const due = this.#store.nextDueAtMs();
    const nowMs = systemClock.now();
    if (due !== null) this.#arm(due > nowMs ? due : nowMs + BUSY_RECHECK_MS);
  }

  /** One alarm for everything: it only ever moves to an earlier time, so most commits leave it alone. */
  #arm(atMs: number): void {
    if (this.#alarmAtMs !== null && this.#alarmAtMs <= atMs) return;
    this.#alarmAtMs = atMs;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(atMs));
  }

  #changeCart<E extends { readonly code: string }>(cartId: string, decide: (cart: Cart) => Result<Cart, E>) {
    const kept = this.#store.readCart(cartId);
    const changed = decide(kept ?? this.#deps.emptyCart(cartId));
    if (changed.ok) this.#writeCart(kept, changed.value);
    return changed;
  }

  #writeCart(kept: Cart | undefined, cart: Cart): void {
    if (kept === undefined) this.#store.insertCart(cart);
    else this.#store.updateCart(kept, cart);
    this.#arm(systemClock.now() + TIDY_INTERVAL_MS);
  }

  #publish(): void {
    this.ctx.waitUntil(this.#publisher.publish());
  }

  async #thenPublish<T>(work: Promise<T>): Promise<T> {
    // Publishes what a crash leaves in the moment in which events gather; a checkout arms its own.
    this.#arm(systemClock.now() + RUN_LEASE_MS);
    try {
      return await work;
    } finally {
      this.#publish();
    }
  }
}

function pageRows(limit: number): number {
  return Math.max(1, Math.min(limit, PAGE_ROWS_MAX));
}
