/** Stands in for what only the platform has. To be imported before anything else of the simulation. */
import { vi } from "vitest";

vi.mock("cloudflare:workers", () => ({
  DurableObject: class {
    readonly ctx: unknown;
    readonly env: unknown;
    constructor(ctx: unknown, env: unknown) {
      this.ctx = ctx;
      this.env = env;
    }
  },
}));
vi.mock("../../../../durable-objects/checkout-partition/store.ts", async () => {
  const { MemoryPartitionStore } = await import("./memory-partition-store.ts");
  return { PartitionStore: MemoryPartitionStore };
});
/** Signing a token leaves the thread, and with it the order of things. */
vi.mock("../../../../workers/shared/capability-token.ts", () => ({
  issueCapabilityToken: async (_secret: string, id: string) => `${id}.token`,
}));
