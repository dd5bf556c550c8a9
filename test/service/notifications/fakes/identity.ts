/** Identity, as far as notifications asks it: messages that the test prepares. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { AccountMessage } from "../../../../workers/identity/contract.ts";

let messages: Record<string, AccountMessage> = {};
let unsent: string[] = [];
let broken = false;

export interface FakeIdentity {
  prepareMessage(id: string, message: AccountMessage | null): Promise<void>;
  breakDown(isBroken: boolean): Promise<void>;
  listUnsentMessages(limit: number): Promise<readonly string[]>;
}

// biome-ignore lint/style/noDefaultExport: the runtime asks for one.
export default class Identity extends WorkerEntrypoint implements FakeIdentity {
  /** null: written, but not wanted any more. */
  async prepareMessage(id: string, message: AccountMessage | null): Promise<void> {
    if (message !== null) messages = { ...messages, [id]: message };
    unsent = [...unsent, id];
  }

  async breakDown(isBroken: boolean): Promise<void> {
    broken = isBroken;
  }

  async readAccountMessage(id: string): Promise<unknown> {
    if (broken) throw new Error("identity broke");
    const message = messages[id];
    return message === undefined ? { ok: false, error: { code: "message_not_wanted" } } : { ok: true, value: message };
  }

  async listUnsentMessages(limit: number): Promise<readonly string[]> {
    return unsent.slice(0, limit);
  }

  async markMessagesSent(ids: readonly string[]): Promise<void> {
    unsent = unsent.filter((id) => !ids.includes(id));
  }
}
