/** Orders, as far as identity asks it: notes whose address is whose, and breaks down when the test says so. */
import { WorkerEntrypoint } from "cloudflare:workers";

let owners: Record<string, string> = {};
let broken = false;

export interface FakeOrders {
  ownAddress(customerId: string, emailNormalized: string): Promise<void>;
  ownerOf(emailNormalized: string): Promise<string | null>;
  breakDown(isBroken: boolean): Promise<void>;
}

// biome-ignore lint/style/noDefaultExport: the runtime asks for one.
export default class Orders extends WorkerEntrypoint implements FakeOrders {
  async ownAddress(customerId: string, emailNormalized: string): Promise<void> {
    if (broken) throw new Error("orders broke");
    owners = { ...owners, [emailNormalized]: customerId };
  }

  async ownerOf(emailNormalized: string): Promise<string | null> {
    return owners[emailNormalized] ?? null;
  }

  async breakDown(isBroken: boolean): Promise<void> {
    broken = isBroken;
  }
}
