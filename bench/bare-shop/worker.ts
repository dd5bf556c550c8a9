/**
 * A shop without a shop: the requests, calls between workers, durable commits, queue messages and mail of an order, each
 * with one trivial statement and a payload of the usual size. No check, price, token, log, retry or saga: whatever it does
 * a second, the runtime allows no more. All of its workers are this file, each by another entrypoint.
 */
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import type { HoldCommand } from "../../workers/inventory/contract.ts";
import type { BarePartition } from "./partition.ts";
import {
  type BarePaymentsApi,
  type Depth,
  depthOf,
  emptyCart,
  GATHER_MS,
  LINE_FILLER,
  MAIL_TEXT,
  type Message,
  ORDER_FILLER,
} from "./shapes.ts";

export { BarePartition } from "./partition.ts";

const DEPTH_HEADER = "bare-depth";

interface GatewayEnv {
  readonly ORDERS: Fetcher;
  readonly DEPTH: Depth;
}

interface FollowerEnv {
  readonly DATABASE: D1Database;
  readonly MAIL?: SendEmail;
}

const bareWorker = {
  async fetch(request: Request, { ORDERS, DEPTH }: GatewayEnv): Promise<Response> {
    const headers = new Headers(request.headers);
    headers.set(DEPTH_HEADER, DEPTH);
    return await ORDERS.fetch(new Request(request, { headers }));
  },

  /** Of each of the four followers: one batch of statements, and the mails of what was placed in one of them. */
  async queue({ messages }: MessageBatch<Message>, { DATABASE, MAIL }: FollowerEnv): Promise<void> {
    const insert = DATABASE.prepare("INSERT OR IGNORE INTO followed (source, sequence, body) VALUES (?, ?, ?)");
    const rows = messages.map(({ body }) => insert.bind(body.source, body.sequence, JSON.stringify(body)));
    const cursor = DATABASE.prepare("INSERT INTO cursor (id, n) VALUES (1, 1) ON CONFLICT DO UPDATE SET n = n + 1");
    await DATABASE.batch([...rows, cursor]);
    const placed = messages.filter(({ body }) => body.kind === "placed");
    if (MAIL === undefined || placed.length === 0) return;
    const from = { name: "Bare", email: "orders@bench.example" };
    const mail = { from, to: "buyer@bench.example", subject: "Placed", html: MAIL_TEXT, text: MAIL_TEXT };
    await Promise.all(placed.map(() => MAIL.send(mail)));
    await cursor.run();
  },
};

export default bareWorker;

interface OrdersEnv {
  /** As many as the shop has in a region when it is served. */
  readonly PARTITIONS: number;
  readonly PARTITION: DurableObjectNamespace<BarePartition>;
  readonly CATALOG: Service<typeof BareCatalog>;
}

export class BareOrders extends WorkerEntrypoint<OrdersEnv> {
  /** The four requests of a visit, by the public paths. */
  override async fetch(request: Request): Promise<Response> {
    const [, , , id = crypto.randomUUID(), part, sku = ""] = new URL(request.url).pathname.split("/");
    const depth = request.headers.get(DEPTH_HEADER) ?? "path";
    const number = Number.parseInt(id.slice(0, 2), 16) % this.env.PARTITIONS;
    const partition = this.env.PARTITION.getByName(`${depth}-${number}`);
    const body: unknown = await request.json();
    if (part === "checkout") {
      const prices = await this.env.CATALOG.quote(id);
      return Response.json(await partition.checkout(id, prices), { status: 201 });
    }
    if (part === "lines") return Response.json(await partition.putLine(id, sku));
    if (request.method === "PATCH") return Response.json(await partition.setAddress(id, body));
    return Response.json(emptyCart(id), { status: 201 });
  }
}

export class BareCatalog extends WorkerEntrypoint {
  quote(_cartId: string): string {
    return LINE_FILLER;
  }
}

interface InventoryEnv {
  readonly SKU: DurableObjectNamespace<BareSku>;
}

export class BareInventory extends WorkerEntrypoint<InventoryEnv> {
  /** Also what the benches' hold driver calls: a hold is one call of a SKU's object and one commit of it. */
  async hold({ holdId, lines, expiresAtMs }: HoldCommand): Promise<{ readonly ok: true }> {
    await Promise.all(lines.map(({ sku }) => this.env.SKU.getByName(sku).hold(holdId, expiresAtMs)));
    return { ok: true };
  }

  async commit(holdId: string, lines: HoldCommand["lines"]): Promise<void> {
    await Promise.all(lines.map(({ sku }) => this.env.SKU.getByName(sku).commit(holdId)));
  }
}

export class BareSku extends DurableObject {
  readonly #sql = this.ctx.storage.sql;

  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, env);
    this.#sql.exec("CREATE TABLE IF NOT EXISTS holds (id TEXT PRIMARY KEY, until_ms INTEGER, state TEXT NOT NULL) STRICT");
  }

  hold(holdId: string, untilMs: number): boolean {
    this.#sql.exec("INSERT INTO holds (id, until_ms, state) VALUES (?, ?, 'held')", holdId, untilMs);
    return true;
  }

  commit(holdId: string): boolean {
    this.#sql.exec("UPDATE holds SET state = 'sold' WHERE id = ?", holdId);
    return true;
  }
}

interface PaymentsEnv {
  readonly PROVIDER: Fetcher;
}

export class BarePayments extends WorkerEntrypoint<PaymentsEnv> implements BarePaymentsApi {
  async authorize(orderId: string, depth: Depth): Promise<string> {
    await this.#move(orderId, "authorized", depth);
    return orderId;
  }

  async capture(paymentId: string, depth: Depth): Promise<void> {
    await this.#move(paymentId, "captured", depth);
  }

  async #move(id: string, step: string, depth: Depth): Promise<unknown> {
    const body = new URLSearchParams({ id, step, filler: LINE_FILLER });
    const response = await this.env.PROVIDER.fetch("https://provider.example/v1/payment_intents", {
      method: "POST",
      headers: { [DEPTH_HEADER]: depth },
      body,
    });
    return await response.json();
  }

  /** A webhook. */
  override async fetch(request: Request): Promise<Response> {
    await request.json();
    return new Response("ok");
  }
}

interface ProviderEnv {
  readonly ACCOUNT: DurableObjectNamespace<BareAccount>;
}

export class BareProvider extends WorkerEntrypoint<ProviderEnv> {
  override async fetch(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const account = this.env.ACCOUNT.getByName(request.headers.get(DEPTH_HEADER) ?? "path");
    return Response.json(await account.move(form.get("id") ?? "", form.get("step") ?? ""));
  }
}

interface AccountEnv {
  readonly WEBHOOKS: Fetcher;
}

export class BareAccount extends DurableObject<AccountEnv> {
  readonly #sql = this.ctx.storage.sql;
  #isDelivering = false;

  constructor(ctx: DurableObjectState, env: AccountEnv) {
    super(ctx, env);
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS intents (id TEXT PRIMARY KEY, step TEXT NOT NULL, body TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS webhooks (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT`);
  }

  async move(id: string, step: string): Promise<object> {
    const intent = { id, step, filler: ORDER_FILLER };
    const body = JSON.stringify(intent);
    this.#sql.exec("INSERT INTO intents VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET step = ?2, body = ?3", id, step, body);
    if (depthOf(this.ctx) === "path") return intent;
    this.#sql.exec("INSERT INTO webhooks (body) VALUES (?)", body);
    if (!this.#isDelivering) setTimeout(() => this.ctx.waitUntil(this.#deliver()), GATHER_MS);
    this.#isDelivering = true;
    return intent;
  }

  /** By a timer: an alarm would be commits of its own. */
  async #deliver(): Promise<void> {
    this.#isDelivering = false;
    const rows = this.#sql.exec<{ sequence: number; body: string }>("SELECT * FROM webhooks ORDER BY sequence").toArray();
    await Promise.all(
      rows.map(async ({ body }) => {
        const response = await this.env.WEBHOOKS.fetch("https://shop.example/v1/webhooks", { method: "POST", body });
        await response.body?.cancel();
      }),
    );
    this.#sql.exec("DELETE FROM webhooks WHERE sequence <= ?", rows.at(-1)?.sequence ?? 0);
  }
}
