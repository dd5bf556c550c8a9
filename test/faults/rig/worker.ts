/** The one-isolate shop: the objects with their real code, wired to one another through the switchboard. */
import { AuditRun } from "../../../durable-objects/audit-run/index.ts";
import { CheckoutPartition } from "../../../durable-objects/checkout-partition/index.ts";
import { SandboxAccount } from "../../../durable-objects/sandbox-account/index.ts";
import { SkuStock } from "../../../durable-objects/sku-stock/index.ts";
import { watchLife } from "./object-life.ts";
import { bookOwners, inventoryEnv, ordersEnv, sandboxEnv } from "./wiring.ts";

export class CheckoutPartitionHere extends CheckoutPartition {
  constructor(ctx: DurableObjectState) {
    watchLife(ctx);
    super(ctx, ordersEnv(ctx));
  }
}

export class SkuStockHere extends SkuStock {
  constructor(ctx: DurableObjectState) {
    watchLife(ctx);
    super(ctx, inventoryEnv(ctx));
  }
}

export class SandboxAccountHere extends SandboxAccount {
  constructor(ctx: DurableObjectState) {
    watchLife(ctx);
    super(ctx, sandboxEnv(ctx));
  }
}

export class AuditRunHere extends AuditRun {
  constructor(ctx: DurableObjectState) {
    super(ctx, bookOwners());
  }
}

/** Nobody calls the worker itself: tests drive the services (`shop.ts`). */
// biome-ignore lint/style/noDefaultExport: the runtime asks for one
export default {
  fetch: () => new Response(null, { status: 404 }),
};
