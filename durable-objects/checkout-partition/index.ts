import { DurableObject } from "cloudflare:workers";

export class CheckoutPartition extends DurableObject<object> {}
