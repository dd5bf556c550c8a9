/** A Durable Object whose storage an operator can set back in time. */
import { DurableObject } from "cloudflare:workers";
import {
  planRecovery,
  type RecoverableObject,
  type Recovery,
  type RecoveryError,
  type RecoveryTarget,
} from "./recover-object.ts";
import type { Result } from "./result.ts";

export class RecoverableDurableObject<E extends object> extends DurableObject<E> implements RecoverableObject {
  async planRecovery(target: RecoveryTarget): Promise<Result<Recovery, RecoveryError>> {
    return await planRecovery(this.ctx.storage, target);
  }

  async restart(): Promise<void> {
    this.ctx.abort("restarted to be recovered");
  }
}
