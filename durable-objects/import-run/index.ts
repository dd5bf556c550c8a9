import { DurableObject } from "cloudflare:workers";

export class ImportRun extends DurableObject<object> {}
