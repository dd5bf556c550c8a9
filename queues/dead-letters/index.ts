/** The dead letters: what no consumer could process, with the reason, until an operator replays or discards it. */
import { WorkerEntrypoint } from "cloudflare:workers";
import { systemClock } from "../../workers/shared/clock.ts";
import { logger, newContext } from "../../workers/shared/telemetry.ts";
import type { Env } from "./env.ts";
import { receiveLetters } from "./receive-letters.ts";
import { removeOld } from "./remove-old.ts";
import { deadLetterRoutes } from "./routes.ts";

const app = deadLetterRoutes();

export default class DeadLetters extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.env, this.ctx);
  }

  override async queue(batch: MessageBatch): Promise<void> {
    await receiveLetters(batch, {
      database: this.env.DATABASE,
      log: logger("dead-letters", newContext()),
      now: () => systemClock.now(),
    });
  }

  override async scheduled(): Promise<void> {
    await removeOld(this.env.DATABASE, systemClock.now());
  }
}
