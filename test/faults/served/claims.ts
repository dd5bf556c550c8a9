/**
 * What buyers know, held against the shop's orders and the provider's own books. It asks neither the audit nor any code of
 * the shop, so that both can be wrong without agreeing with each other. Pure.
 */

/** A decisive answer to a checkout. */
export interface Heard {
  readonly status: number;
  readonly code: string | null;
  readonly orderId: string | null;
  readonly orderStatus: string | null;
  readonly replayed: boolean;
}

/** One cart, one key, one buyer; everything that was said to them. */
export interface Claim {
  /** Unique: it is how orders that nobody acknowledged are found. */
  readonly email: string;
  /** For the failing test's message. */
  readonly story: string;
  totalMinor: number;
  readonly units: Readonly<Record<string, number>>;
  /** In the order of arrival; all of them answer the same key. */
  readonly heard: Heard[];
  /** The last status that the buyer or the operator was told. */
  lastStatus: string | null;
  /** What the operator asked to pay back; `certain` once it was acknowledged. */
  refund: { readonly amountMinor: number; certain: boolean } | null;
  /** The operator asked for it; `certain` once it was acknowledged. */
  cancellation: { certain: boolean } | null;
}

/** An order as its owner or an operator reads it now. */
export interface KnownOrder {
  readonly id: string;
  readonly email: string;
  readonly status: string;
  readonly totalMinor: number;
  readonly refundedMinor: number;
  readonly wasPlaced: boolean;
}

export interface ProviderPayment {
  readonly id: string;
  readonly orderId: string;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

const STANDING = ["placed", "fulfilled", "completed"];

export function contradictions(
  claims: readonly Claim[],
  orders: readonly KnownOrder[],
  payments: readonly ProviderPayment[],
): string[] {
  const ordersByEmail = Map.groupBy(orders, (order) => order.email);
  const paymentsByOrder = Map.groupBy(payments, (payment) => payment.orderId);
  const known = new Set(orders.map((order) => order.id));
  return [
    ...claims.flatMap((claim) => {
      const own = ordersByEmail.get(claim.email) ?? [];
      const found = [
        ...againstAnswers(claim),
        ...againstOrders(claim, own),
        ...own.flatMap((order) => againstMoney(order, paymentsByOrder)),
      ];
      return found.map((text) => `${claim.email} (${claim.story}): ${text}`);
    }),
    ...payments
      .filter(({ orderId }) => !known.has(orderId))
      .map(({ id, orderId }) => `${id} is a charge for ${orderId}, which nobody knows`),
  ];
}

/** However often a checkout is asked again, it says the same. */
function againstAnswers(claim: Claim): string[] {
  const said = new Set(
    claim.heard.map(({ status, code, orderId, orderStatus }) => [status, code, orderId, orderStatus].join(" ")),
  );
  if (claim.heard.length === 0) return ["the checkout was never answered"];
  const last = claim.heard.at(-1);
  return [
    ...(said.size === 1 ? [] : [`one key was answered in ${said.size} ways: ${[...said].join(" | ")}`]),
    ...(claim.heard.length > 1 && last?.replayed !== true ? ["a repeated checkout was carried out instead of replayed"] : []),
  ];
}

function againstOrders(claim: Claim, own: readonly KnownOrder[]): string[] {
  const acknowledged = claim.heard.find(({ orderId, status }) => orderId !== null && status < 300);
  const order = own.find(({ id }) => id === acknowledged?.orderId);
  const cameAbout = own.filter(({ wasPlaced }) => wasPlaced);
  if (own.length > 1) return [`one key made ${own.length} orders`];
  if (acknowledged === undefined) return cameAbout.map(({ id }) => `refused with ${claim.heard[0]?.code}, but ${id} was placed`);
  if (order === undefined) return [`acknowledged ${acknowledged.orderId} does not exist`];
  const cancelled = order.status === "cancelled";
  return [
    ...(acknowledged.status === 201 && !order.wasPlaced ? [`placed ${order.id} is ${order.status}`] : []),
    ...(order.wasPlaced && !STANDING.includes(order.status) && claim.cancellation === null
      ? [`${order.id} is ${order.status}, and nobody cancelled it`]
      : []),
    ...(claim.cancellation?.certain === true && !cancelled ? [`cancelled ${order.id} is ${order.status}`] : []),
    ...(claim.lastStatus === "placed" && !order.wasPlaced ? [`${order.id} was shown as placed and is ${order.status}`] : []),
    ...(order.totalMinor === claim.totalMinor ? [] : [`agreed to pay ${claim.totalMinor}, ${order.id} says ${order.totalMinor}`]),
    ...againstRefund(claim, order),
  ];
}

function againstRefund(claim: Claim, order: KnownOrder): string[] {
  const { refund, cancellation } = claim;
  const expected = new Set<number>();
  const paidBack = refund === null ? [0] : refund.certain ? [refund.amountMinor] : [0, refund.amountMinor];
  for (const amountMinor of paidBack) if (cancellation?.certain !== true) expected.add(amountMinor);
  if (cancellation !== null && order.status === "cancelled") expected.add(order.wasPlaced ? order.totalMinor : 0);
  return expected.has(order.refundedMinor)
    ? []
    : [`${order.id} paid back ${order.refundedMinor}, not ${[...expected].join(" or ")}`];
}

function againstMoney(order: KnownOrder, paymentsByOrder: ReadonlyMap<string, readonly ProviderPayment[]>): string[] {
  const payments = paymentsByOrder.get(order.id) ?? [];
  const capturedMinor = payments.reduce((sum, payment) => sum + payment.capturedMinor, 0);
  const refundedMinor = payments.reduce((sum, payment) => sum + payment.refundedMinor, 0);
  const expectedMinor = order.wasPlaced ? order.totalMinor : 0;
  return [
    ...(capturedMinor === expectedMinor ? [] : [`the provider took ${capturedMinor} for ${order.id}, not ${expectedMinor}`]),
    ...(refundedMinor === order.refundedMinor
      ? []
      : [`the provider gave back ${refundedMinor} for ${order.id}, not ${order.refundedMinor}`]),
  ];
}
