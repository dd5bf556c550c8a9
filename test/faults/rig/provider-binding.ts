/** The payments worker takes its provider from the environment when it is loaded: this puts a replaceable one there first. */
import { env } from "cloudflare:workers";

export const provider: { fetch: (input: string, init: RequestInit) => Promise<Response> } = {
  fetch: () => Promise.reject(new Error("the rig is not wired yet")),
};

Reflect.set(env, "PAYMENT_PROVIDER", provider);
