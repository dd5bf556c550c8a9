/**
 * What every table of every database and object holds of people, and what becomes of it. A new table fails
 * `personal-data.test.ts` until it stands here, and a new service with a store until it answers for a person or is exempt.
 * Data only.
 */

export type TablePolicy =
  /** Nothing about a person, or nothing but ids that name nobody once the account is gone. */
  | { readonly kind: "nothing"; readonly why: string }
  /** Personal: in the archive under this section, and removed, or its words blanked, by an erasure. */
  | { readonly kind: "owned"; readonly section: string | null; readonly erased: "removed" | "blanked"; readonly expires: string }
  /** Personal, and kept all the same: the ground, and until when. */
  | { readonly kind: "kept"; readonly why: string; readonly expires: string }
  /** Personal or perhaps, out of reach of an erasure, and gone by itself within a day. */
  | { readonly kind: "fleeting"; readonly why: string };

type Tables = Readonly<Record<string, TablePolicy>>;

const nothing = (why: string): TablePolicy => ({ kind: "nothing", why });
const kept = (why: string, expires: string): TablePolicy => ({ kind: "kept", why, expires });
const fleeting = (why: string): TablePolicy => ({ kind: "fleeting", why });
const removed = (section: string | null, expires: string): TablePolicy => ({
  kind: "owned",
  section,
  erased: "removed",
  expires,
});
const blanked = (section: string, expires: string): TablePolicy => ({ kind: "owned", section, erased: "blanked", expires });

const BOOKS = nothing("kept by law: amounts by order, and orders name nobody after an erasure");
const CURSORS = nothing("places in logs");
const GOODS = nothing("goods, not people");
const PLAN = nothing("how the shop is run");
const FOLLOWER: Tables = { follower_cursors: CURSORS, projection_rebuilds: CURSORS };

/** By folder of `migrations/`. A `rebuilt_` table is treated as the one that it replaces. */
export const DATABASES: Readonly<Record<string, Tables>> = {
  identity: {
    customers: removed("Account", "with the account"),
    password_salts: removed(null, "with the last account that claims the address, or a week after an address was changed"),
    addresses: removed("Address book", "with the account"),
    sessions: removed("Devices that signed in", "30 days after they ended"),
    refresh_tokens: removed(null, "when they expire, or 7 days after they were used"),
    oauth_clients: nothing("apps and servers, not people; their maker is an id that names nobody once the account is gone"),
    oauth_grants: removed("Apps with access", "30 days after the access ended"),
    oauth_access_tokens: removed(null, "ten minutes"),
    oauth_refresh_tokens: removed(null, "when they expire, or 7 days after they were used"),
    account_messages: removed("Mails sent by the account", "30 days after their link expired"),
    address_messages: removed("Mails about your data", "a day"),
    authenticators: removed("Authenticator app", "with the account, or after half an hour when it was never switched on"),
    recovery_codes: removed(null, "with the authenticator app"),
    passkeys: removed("Passkeys", "with the account"),
    spent_challenges: nothing("random ids, for ten minutes"),
    signing_keys: nothing("the shop's own keys"),
    staff: removed("Positions on the staff", "with the account; an invitation when it expires, or its address is erased"),
    api_keys: nothing("the shop's own keys; their maker is an id that names nobody once the account is gone"),
    api_key_secrets: nothing("hashes of the shop's own keys"),
  },
  orders: {
    ...FOLLOWER,
    orders: blanked("Orders", "the address by an erasure; the row never: it is the order log's"),
    confirmed_addresses: removed("Addresses whose guest orders are shown in the account", "with the account"),
    partitions: PLAN,
    shipping_rates: PLAN,
    tax_rates: PLAN,
  },
  payments: { ...FOLLOWER, payments: BOOKS, webhook_events: BOOKS, ledger_entries: BOOKS },
  notifications: {
    ...FOLLOWER,
    notifications: blanked("Messages about orders", "the recipient after 400 days; the row never: it is the order log's"),
    push_subscriptions: removed("Browsers that asked to be told", "180 days"),
    account_mails: removed("Mails about the account", "30 days after they were sent or given up"),
    outbox_alarm: PLAN,
  },
  analytics: {
    ...FOLLOWER,
    order_facts: BOOKS,
    country_sales: BOOKS,
    product_sales: BOOKS,
    product_titles: GOODS,
    stock_skus: GOODS,
    stock_levels: GOODS,
    stock_movements: GOODS,
    stock_sweep: CURSORS,
  },
  "dead-letters": {
    dead_letters: removed("Messages between services that could not be processed", "90 days"),
    deaths: removed(null, "with their letter"),
  },
  catalog: {
    catalog_state: GOODS,
    categories: GOODS,
    products: GOODS,
    variants: GOODS,
    prices: GOODS,
    media: GOODS,
    listings: GOODS,
    product_tags: GOODS,
    sold_out_skus: GOODS,
    imports: GOODS,
  },
  inventory: { opening_balances: GOODS, skus: GOODS, sold_out: GOODS },
  privacy: { privacy_requests: nothing("the shop's proof that it answered: subjects are ids, for three years") },
};

/** By folder of `durable-objects/`. */
export const OBJECTS: Readonly<Record<string, Tables>> = {
  "checkout-partition": {
    carts: removed("Carts", "30 days after they were last touched"),
    checkout_keys: removed(null, "a day"),
    orders: blanked("Orders", "by an erasure: contact and address; goods, amounts and tax country are kept by law"),
    events: blanked("Orders", "by an erasure: what operators wrote; the rest names nobody and is kept by law"),
    partition_state: CURSORS,
  },
  "privacy-run": {
    run: fleeting("whom a request is about, until it is over"),
    parts: fleeting("whom a request is about, until it is over"),
    archive: fleeting("removed by an erasure of its account or order, else after a day"),
  },
  "idempotency-keys": { keys: fleeting("answers sealed under the caller's own key, for a day") },
  "attempt-quota": { buckets: fleeting("keyed hashes of addresses and networks, until the attempts are back") },
  "audit-run": {
    run: PLAN,
    ended: PLAN,
    tallies: PLAN,
    violations: nothing("ids of what is wrong"),
    suspects: nothing("ids of what looks wrong"),
    partitions: CURSORS,
    cursors: CURSORS,
    orders: BOOKS,
    events: fleeting("copies of order logs, while an audit reads them"),
    skus: GOODS,
    committed: GOODS,
    payments: BOOKS,
    sales: BOOKS,
  },
  "privileged-log": {
    records: kept(
      "who did what to the shop, for its security: ids and networks of operators, nothing about customers",
      "400 days",
    ),
    beginning: CURSORS,
  },
  "sku-stock": { account: GOODS, stock: GOODS, holds: GOODS, movements: GOODS, applied_keys: GOODS },
  "import-run": { run: GOODS, refusals: GOODS, seen_handles: GOODS, seen_skus: GOODS },
  "sandbox-account": {
    intents: nothing("stands in for the provider, which is a controller of its own; holds test payments by order id"),
    intent_metadata: nothing("order ids"),
    refunds: nothing("amounts"),
    events: nothing("amounts by order id"),
    deliveries: nothing("events to deliver"),
    idempotency_keys: fleeting("answers of the stand-in, for a day"),
    faults: nothing("what a test asked for"),
  },
};

/** Workers with a store that answer for nobody, each with its reason. */
export const EXEMPT: Readonly<Record<string, string>> = {
  "wrangler.toml": "sealed answers for a day, which nobody but their caller can open",
  "workers/catalog/wrangler.toml": "goods only",
  "workers/inventory/wrangler.toml": "goods only; holds are named by order ids",
  "workers/media/wrangler.toml": "pictures of goods, uploaded by operators",
  "workers/audit/wrangler.toml": "sums and ids while an audit runs",
  "workers/payment-sandbox/wrangler.toml": "stands in for the payment provider, which is a controller of its own",
  "workers/privacy/wrangler.toml": "asks the others; its own copies are removed at the end of a request, or after a day",
};
