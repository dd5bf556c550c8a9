/** The worker under test: its HTTP side as the gateway reaches it, its RPC side as a peer calls it. */
import { exports } from "cloudflare:workers";
import type { IdentityApi } from "../../../workers/identity/contract.ts";

interface Running {
  readonly default: IdentityApi & { fetch(url: string, init: RequestInit): Promise<Response> };
}

export const identity = (exports as unknown as Running).default;
