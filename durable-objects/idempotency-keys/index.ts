import { DurableObject } from "cloudflare:workers";

export class IdempotencyKeys extends DurableObject<object> {}
