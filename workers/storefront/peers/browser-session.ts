/**
 * Signing in and out of the shop's pages: sessions of browsers by identity's RPC, and what becomes of the cart. A guest's
 * cart becomes the customer's; whoever signs out leaves with a copy that holds the goods and nothing of the person.
 */
import type {
  BrowserCredentials,
  BrowserPasskey,
  BrowserPasskeyError,
  BrowserRegisterError,
  BrowserRegistration,
  BrowserSecondFactor,
  BrowserSecondFactorError,
  BrowserSession,
  BrowserSignInError,
} from "../../identity/contract.ts";
import { callPeer, type Unavailable } from "../../shared/call-peer.ts";
import { GUEST, type Principal } from "../../shared/principal.ts";
import type { Result } from "../../shared/result.ts";
import type { Asker } from "./ask.ts";
import { changeCart, createCart, holding, readCart, replaceLines } from "./carts.ts";

/** A password hash takes tens of milliseconds; a full queue of them takes longer. */
const POLICY = { service: "identity", deadlineMs: 10_000, retries: 0 } as const;

export function signInBrowser(
  page: Asker,
  credentials: BrowserCredentials,
): Promise<Result<BrowserSession, BrowserSignInError | Unavailable>> {
  return callPeer(POLICY, () => page.env.IDENTITY.signInBrowser(credentials));
}

/** The second step, when the first one asked for it. */
export function completeSignInBrowser(
  page: Asker,
  step: BrowserSecondFactor,
): Promise<Result<BrowserSession, BrowserSecondFactorError | Unavailable>> {
  return callPeer(POLICY, () => page.env.IDENTITY.completeSignInBrowser(step));
}

export function signInBrowserByPasskey(
  page: Asker,
  presented: BrowserPasskey,
): Promise<Result<BrowserSession, BrowserPasskeyError | Unavailable>> {
  return callPeer(POLICY, () => page.env.IDENTITY.signInBrowserByPasskey(presented));
}

export function registerBrowser(
  page: Asker,
  registration: BrowserRegistration,
): Promise<Result<BrowserSession, BrowserRegisterError | Unavailable>> {
  return callPeer(POLICY, () => page.env.IDENTITY.registerBrowser(registration));
}

/** A cart that a signed-in shopper updates becomes theirs: an update of nothing is enough. Failing harms nobody. */
export async function giveCart(page: Asker, session: BrowserSession, cartId: string): Promise<void> {
  const sessionId = session.token.split(".")[0] ?? null;
  const principal: Principal = { ...page.principal, kind: "customer", subject: session.customerId, sessionId };
  await changeCart({ ...page, principal }, cartId, {});
}

/** @returns the token of a cart of no one with the same lines; undefined when there is nothing to carry over. */
export async function copyCart(page: Asker, cartId: string): Promise<string | undefined> {
  const guest = { ...page, principal: { ...GUEST, capabilities: page.principal.capabilities } };
  const cart = await readCart(guest, cartId);
  if (!cart.ok || cart.value.state !== "open" || cart.value.lines.length === 0) return undefined;
  const copy = await createCart(guest, cart.value.currency);
  if (!copy.ok) return undefined;
  const lines = cart.value.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  const filled = await replaceLines(holding(guest, copy.value.id), copy.value.id, lines);
  return filled.ok ? copy.value.token : undefined;
}
