/** One's own cart, read as a guest and by an account: what asking identity about the session costs every call of an account. */
import { randomUUID } from "node:crypto";
import { measureHttp } from "../measure.ts";
import type { Scenario } from "../scenario.ts";
import { benchSku, type Shop } from "../shop.ts";

type Headers = Readonly<Record<string, string>>;

/** @param signIn what an account sends beside the cart's token */
function ownCart(title: string, signIn: (shop: Shop) => Promise<Headers>): Scenario {
  return {
    title,
    unit: "reads",
    reference: "rpcEcho",
    bar: null,
    rounds: "every",
    quick: false,
    async run(shop, { connections, durationSeconds }) {
      const { body: cart } = await shop.client.request<{ id: string; token: string }>("POST", "/v1/carts", { body: {} });
      const headers = { "cart-token": cart.token, ...(await signIn(shop)) };
      const line = { headers, body: { quantity: 1 } };
      await shop.client.request("PUT", `/v1/carts/${cart.id}/lines/${benchSku(0)}`, line);
      const load = { url: shop.url, connections, requests: [{ path: `/v1/carts/${cart.id}`, headers }] };
      await measureHttp({ ...load, durationSeconds: 1 });
      return { measurement: await measureHttp({ ...load, durationSeconds }) };
    },
  };
}

async function registered(shop: Shop): Promise<Headers> {
  const credentials = { email: `${randomUUID()}@bench.example`, password: `${randomUUID()}-bench` };
  await shop.client.request("POST", "/v1/auth/register", { body: credentials });
  const { body } = await shop.client.request<{ access_token: string }>("POST", "/v1/auth/sign-in", { body: credentials });
  return { authorization: `Bearer ${body.access_token}` };
}

export const SIGNED_IN: Readonly<Record<string, Scenario>> = {
  "cart-read": ownCart("Own cart, by a guest", async () => ({})),
  "cart-read-account": ownCart("Own cart, by an account", registered),
};
