import { DurableObject } from "cloudflare:workers";

export class SandboxAccount extends DurableObject<object> {}
