/** What the pages about apps ask of identity: an app's question and the customer's word by RPC, the list by the public contract. */
import * as z from "zod";
import type { AuthorizationQuestion, AuthorizationRefusal, Consent, ConsentRefusal } from "../../identity/contract.ts";
import { callPeer, type Unavailable } from "../../shared/call-peer.ts";
import { CUSTOMER_SCOPES } from "../../shared/principal.ts";
import { ok, type Result } from "../../shared/result.ts";
import { type Answer, type Asker, ask } from "./ask.ts";

const DEADLINE_MS = 8_000;
const READ = { service: "identity", deadlineMs: DEADLINE_MS, retries: 2, retryTimeouts: false } as const;
/** Each yes makes a code. */
const ANSWER = { service: "identity", deadlineMs: DEADLINE_MS, retries: 0 } as const;

const AllowedApp = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(CUSTOMER_SCOPES)),
  allowed_at: z.string(),
  last_used_at: z.string(),
});
export type AllowedApp = z.infer<typeof AllowedApp>;
const AppList = z.object({ items: z.array(AllowedApp) });

export function readAuthorization(
  page: Asker,
  query: string,
): Promise<Result<AuthorizationQuestion, AuthorizationRefusal | Unavailable>> {
  return callPeer(READ, () => page.env.IDENTITY.readAuthorization(query));
}

export function answerAuthorization(
  page: Asker,
  consent: Consent,
): Promise<Result<{ readonly redirectTo: string }, ConsentRefusal | Unavailable>> {
  return callPeer(ANSWER, () => page.env.IDENTITY.answerAuthorization(consent));
}

export async function listApps(page: Asker): Answer<AllowedApp[]> {
  const list = await ask(page, "IDENTITY", { path: "/v1/me/apps" }, AppList);
  return list.ok ? ok(list.value.items) : list;
}

export function endApp(page: Asker, appId: string): Answer<unknown> {
  return ask(page, "IDENTITY", { method: "DELETE", path: `/v1/me/apps/${encodeURIComponent(appId)}` }, z.unknown());
}
