/**
 * The RPC between the orders worker and a CheckoutPartition. The worker parses HTTP, quotes prices and reads the shop's
 * policy (shipping rates, tax rates) from D1; the partition decides and stores. Amounts are integer minor units.
 */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import type { Quote } from "../../workers/catalog/contract.ts";
import type { Shortage } from "../../workers/inventory/contract.ts";
import type {
  Address,
  Order,
  OrderAccount,
  OrderTotals,
  OrderUnknown,
  PartitionAccount,
  PartitionBooks,
} from "../../workers/orders/contract.ts";
import type { Unavailable } from "../../workers/shared/call-peer.ts";
import type { IdempotencyDecision } from "../../workers/shared/idempotency.ts";
import type { OpenOrder } from "../../workers/shared/privacy.ts";
import type { RecoverableObject } from "../../workers/shared/recover-object.ts";
import type { Result } from "../../workers/shared/result.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";

/** How parcels are priced. `prices` and `freeAboveMinor` are per currency; a currency without a price is not offered. */
export interface ShippingRate {
  readonly id: string;
  readonly name: string;
  readonly kind: "flat" | "weight";
  /** ISO countries; empty means everywhere. */
  readonly countries: readonly string[];
  /** Flat price, or the base price of a weight rate. */
  readonly prices: Readonly<Record<string, number>>;
  /** Added per started kilogram of a weight rate. */
  readonly pricesPerKilogram: Readonly<Record<string, number>>;
  /** Subtotal from which the option is free; absent currency: never free. */
  readonly freeAboveMinor: Readonly<Record<string, number>>;
  readonly estimatedDays: number;
}

export interface TaxRate {
  readonly country: string;
  /** 2000 = 20 %. */
  readonly rateBasisPoints: number;
  /** Listed prices contain the tax (EU, UK) or it comes on top (US). */
  readonly included: boolean;
}

export interface ShopPolicy {
  readonly shippingRates: readonly ShippingRate[];
  /** Countries without a rate are exports: no tax. */
  readonly taxRates: readonly TaxRate[];
}

export interface CartLine {
  readonly quote: Quote;
  readonly quantity: number;
}

export interface Cart {
  readonly id: string;
  /** `ordered` once an order of it is placed or waits for payment. */
  readonly state: "open" | "frozen" | "ordered";
  readonly currency: string;
  readonly email: string | null;
  readonly customerId: string | null;
  readonly lines: readonly CartLine[];
  readonly shippingAddress: Address | null;
  readonly shippingOptionId: string | null;
  /** Present once known: shipping and tax need a country. */
  readonly totals: OrderTotals;
  readonly expiresAtMs: number;
  /** The order that the cart became; null while open. */
  readonly orderId: string | null;
}

export interface ShippingOption {
  readonly id: string;
  readonly name: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly estimatedDays: number;
}

export type CartExpired = { readonly code: "cart_expired" };
export type CartAlreadyOrdered = { readonly code: "cart_already_ordered"; readonly orderId: string };
/** A checkout of this cart is running right now. */
export type CartFrozen = { readonly code: "checkout_in_progress" };
export type CartError = CartExpired | CartAlreadyOrdered | CartFrozen;
export type TooManyLines = { readonly code: "too_many_lines"; readonly max: number };
/** The cart would leave what the shop counts exactly (total, units of a line) or what one row holds (size in bytes). */
export type CartTooLarge = {
  readonly code: "cart_too_large";
  readonly what: "total" | "quantity" | "size";
  readonly max: number;
};
export type CannotShip = { readonly code: "shipping_option_unavailable"; readonly optionId: string };

export interface CreateCart {
  readonly cartId: string;
  readonly currency: string;
  readonly email: string | null;
  readonly customerId: string | null;
}

export interface PutLines {
  readonly cartId: string;
  /** Sets these SKUs to these quantities (0 removes). */
  readonly lines: readonly CartLine[];
  readonly removeSkus: readonly string[];
  /** Also removes every SKU that is not in `lines`. */
  readonly replace: boolean;
  readonly policy: ShopPolicy;
}

export interface UpdateCart {
  readonly cartId: string;
  readonly email?: string;
  readonly shippingAddress?: Address;
  readonly shippingOptionId?: string;
  readonly customerId?: string;
  readonly policy: ShopPolicy;
}

export interface CheckoutCommand {
  readonly cartId: string;
  readonly idempotencyKey: string;
  readonly bodySha256: string;
  readonly paymentMethod: string;
  /** Where the provider sends the shopper after 3-D Secure; `{order_id}` and `{order_token}` are filled in. */
  readonly returnUrl: string;
  /** The cart's SKUs re-quoted by catalog just now. */
  readonly quotes: readonly Quote[];
  readonly policy: ShopPolicy;
}

/** Something in the cart costs something else than the shopper was shown; the cart has the new prices. */
export type PriceChanged = { readonly code: "price_changed"; readonly totals: OrderTotals; readonly currency: string };

export type CheckoutError =
  | CartError
  | CartTooLarge
  | { readonly code: "cart_empty" }
  | { readonly code: "cart_incomplete"; readonly missing: readonly ("email" | "shipping_address" | "shipping_option_id")[] }
  | PriceChanged
  | { readonly code: "sku_unavailable"; readonly skus: readonly string[] }
  | CannotShip
  | { readonly code: "out_of_stock"; readonly shortages: readonly Shortage[] }
  | { readonly code: "payment_declined"; readonly declineCode: string; readonly message: string; readonly orderId: string }
  | { readonly code: "payment_rejected"; readonly message: string }
  /** The saga goes on by itself; ask for the order, or repeat with the same key. */
  | { readonly code: "checkout_pending"; readonly orderId: string }
  | Unavailable
  | {
      readonly code: "idempotency";
      readonly decision: Exclude<IdempotencyDecision, { readonly kind: "run" } | { readonly kind: "replay" }>;
    };

export interface CheckoutOutcome {
  readonly order: Order;
  /** True when this key's answer was given before: same outcome again. */
  readonly replayed: boolean;
  /** Present when the shopper must act (status `awaiting_payment`). */
  readonly redirectUrl: string | null;
}

/** A finished checkout: the outcome is stored under the key, so that errors replay too. */
export type CheckoutAnswer = Result<CheckoutOutcome, CheckoutError> & { readonly replayed?: boolean };

export type RefundError =
  | OrderUnknown
  | { readonly code: "not_refundable"; readonly message: string }
  | { readonly code: "refund_exceeds_captured"; readonly refundableMinor: number }
  | { readonly code: "refund_lines_invalid"; readonly message: string }
  | { readonly code: "key_reused" }
  | Unavailable;

export interface RefundOrder {
  readonly orderId: string;
  /** The same key with the same body refunds once. */
  readonly idempotencyKey: string;
  readonly bodySha256: string;
  /** Explicit amount; absent: the lines' value, or all that is left when there are no lines either. */
  readonly amountMinor: number | null;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly restock: boolean;
}

export type CancelError = OrderUnknown | { readonly code: "not_cancellable"; readonly status: string } | Unavailable;

export type ShipError = OrderUnknown | { readonly code: "not_shippable"; readonly message: string };

export interface ShipOrder {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
  /** Empty: everything not yet shipped. */
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

/** Whose carts: those of the account, and guests' carts with one of the addresses. */
export interface CartOwner {
  readonly customerId: string | null;
  /** Lower-case. */
  readonly emails: readonly string[];
}

export interface ErasedOrders {
  readonly erased: number;
  readonly open: readonly OpenOrder[];
  /** Of the log; null when it has been gone through. */
  readonly next: number | null;
}

export interface CheckoutPartitionApi extends RecoverableObject {
  /** Its id is made for this one cart: a repeated command finds the cart that the first one made. */
  createCart(command: CreateCart, context: CallContext): Promise<Result<Cart, never>>;
  /** Of whoever holds its token: a cart that is not kept is empty. */
  readCart(cartId: string): Promise<Result<Cart, CartExpired>>;
  putLines(command: PutLines, context: CallContext): Promise<Result<Cart, CartError | TooManyLines | CartTooLarge>>;
  updateCart(command: UpdateCart, context: CallContext): Promise<Result<Cart, CartError | CannotShip | CartTooLarge>>;
  /** @param country asked for in place of the address's; null: the address's. */
  shippingOptions(
    cartId: string,
    policy: ShopPolicy,
    country?: string | null,
  ): Promise<Result<readonly ShippingOption[], CartExpired>>;
  checkout(command: CheckoutCommand, context: CallContext): Promise<CheckoutAnswer>;
  readOrder(orderId: string): Promise<Result<Order, OrderUnknown>>;
  /** Those that exist, in the order asked. */
  readOrders(orderIds: readonly string[]): Promise<readonly Order[]>;
  resumePayment(orderId: string, context: CallContext): Promise<Result<Order, OrderUnknown>>;
  /** The shopper wants to pay in another way: an awaited payment is voided and the cart opens again. Else nothing changes. */
  abandonPayment(orderId: string, context: CallContext): Promise<Result<Order, OrderUnknown>>;
  refund(command: RefundOrder, context: CallContext): Promise<Result<Order, RefundError>>;
  /** Before payment: releases and voids. After: refunds all that is left and restocks what is not shipped. */
  cancel(orderId: string, reason: string, context: CallContext): Promise<Result<Order, CancelError>>;
  ship(command: ShipOrder, context: CallContext): Promise<Result<Order, ShipError>>;
  complete(
    orderId: string,
    context: CallContext,
  ): Promise<Result<Order, OrderUnknown | { readonly code: "not_completable"; readonly status: string }>>;
  readEvents(afterSequence: number, limit: number): Promise<readonly OrderEvent[]>;
  readAccount(): Promise<PartitionAccount>;
  /** The sequence of the newest event; 0 when there is none. */
  readLogEnd(): Promise<number>;
  listOrderAccounts(afterOrderId: string, limit: number): Promise<readonly OrderAccount[]>;
  /** Those that exist, in the order asked. */
  readOrderAccounts(orderIds: readonly string[]): Promise<readonly OrderAccount[]>;
  /** The next orders and events, at one moment. */
  readBooks(afterOrderId: string, afterSequence: number, orders: number, events: number): Promise<PartitionBooks>;
  /** The owner's carts on the page after a cart's id; `next` is null at the end. */
  listCartsOf(owner: CartOwner, afterCartId: string): Promise<{ readonly carts: readonly Cart[]; readonly next: string | null }>;
  eraseCartsOf(owner: CartOwner, afterCartId: string): Promise<{ readonly removed: number; readonly next: string | null }>;
  /** Forgets who ordered; open orders stay as they are. Idempotent. Ask again from `next` with the same orders. */
  eraseOrders(orderIds: readonly string[], afterSequence: number): Promise<ErasedOrders>;
}
