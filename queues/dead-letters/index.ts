/** The dead letters: what no consumer could process, with the reason, until an operator replays or discards it. */
import { WorkerEntrypoint } from "cloudflare:workers";
import { systemClock } from "../../workers/shared/clock.ts";
import { Person } from "../../workers/shared/privacy.ts";
import { logger, newContext } from "../../workers/shared/telemetry.ts";
import type { DeadLettersApi } from "./contract.ts";
import type { Env } from "./env.ts";
import { erasePerson, exportPerson } from "./person.ts";
import { receiveLetters } from "./receive-letters.ts";
import { removeOld } from "./remove-old.ts";
import { deadLetterRoutes } from "./routes.ts";

const app = deadLetterRoutes();

export default class DeadLetters extends WorkerEntrypoint<Env> implements DeadLettersApi {
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

  async exportPerson(person: Person, cursor: string | null) {
    return await exportPerson(this.env.DATABASE, Person.parse(person), cursor);
  }

  async erasePerson(person: Person) {
    return await erasePerson(this.env.DATABASE, Person.parse(person));
  }
}
