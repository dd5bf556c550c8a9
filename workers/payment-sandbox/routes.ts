/** What a browser and a test see of the sandbox, under `/payment-sandbox`: the bank's pages and the fault control. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { type Challenge, SandboxFaults } from "../../durable-objects/sandbox-account/contract.ts";
import type { SandboxAccount } from "../../durable-objects/sandbox-account/index.ts";
import { createServiceApp, describeService, type ServiceContext, type ServiceEnv } from "../shared/http.ts";
import { fieldErrors, ProblemError } from "../shared/problem.ts";
import { answeredPage, overPage, questionPage, unknownPage } from "./bank-page.ts";
import { isApiKey } from "./check-api-key.ts";
import type { Env } from "./env.ts";

const BASE = "/payment-sandbox";
/** The sandbox is one account. */
const ACCOUNT_NAME = "account";

export function accountOf(env: Env): DurableObjectStub<SandboxAccount> {
  return env.SANDBOX_ACCOUNT.getByName(ACCOUNT_NAME);
}

export function sandboxRoutes(apiKey: string): OpenAPIHono<ServiceEnv<Env>> {
  const app = createServiceApp<Env>("payment-sandbox");
  app.get(`${BASE}/authenticate/:id`, async (c) => {
    const clientSecret = c.req.query("client_secret") ?? "";
    const challenge = await accountOf(c.env).readChallenge(c.req.param("id"), clientSecret);
    if (!challenge.ok) return await bankPage(c, unknownPage(), 404, null);
    const open = challenge.value.status === "requires_action";
    const content = open ? questionPage(challenge.value, clientSecret) : overPage(challenge.value);
    return await bankPage(c, content, 200, challenge.value);
  });
  app.post(`${BASE}/authenticate/:id/approve`, (c) => answerChallenge(c, c.req.param("id"), true));
  app.post(`${BASE}/authenticate/:id/decline`, (c) => answerChallenge(c, c.req.param("id"), false));
  app.post(`${BASE}/control`, async (c) => {
    if (!isApiKey(c.req.header("authorization") ?? null, apiKey)) throw keyRequired();
    const faults = SandboxFaults.safeParse(await c.req.json().catch(() => null));
    if (!faults.success) {
      throw new ProblemError({
        status: 422,
        code: "invalid_body",
        detail: "The body does not have the documented shape; see `errors`.",
        errors: fieldErrors(faults.error),
      });
    }
    return c.json(await accountOf(c.env).setFaults(faults.data));
  });
  describeService(app, "payment-sandbox", {
    account: (env) => accountOf(env).readChallenge("pi_health", ""),
  });
  return app;
}

async function answerChallenge(c: ServiceContext<Env>, id: string, approved: boolean): Promise<Response> {
  const form = await c.req.parseBody().catch(() => ({}) as Record<string, unknown>);
  const given = form["client_secret"];
  const outcome = await accountOf(c.env).answerChallenge(id, typeof given === "string" ? given : "", approved);
  if (!outcome.ok) {
    if (outcome.error.code === "challenge_unknown") return await bankPage(c, unknownPage(), 404, null);
    return await bankPage(c, overPage(outcome.error.challenge), 409, outcome.error.challenge);
  }
  const { challenge, succeeded } = outcome.value;
  if (challenge.returnUrl === null) return await bankPage(c, answeredPage(challenge, succeeded), 200, challenge);
  const url = new URL(challenge.returnUrl);
  url.searchParams.set("payment_intent", challenge.paymentIntentId);
  url.searchParams.set("redirect_status", succeeded ? "succeeded" : "failed");
  return c.body(null, 303, { location: url.toString(), "cache-control": "no-store", "referrer-policy": "no-referrer" });
}

/** Browsers hold a form's redirects against `form-action` as well, so the shop's origin is named there. */
async function bankPage(
  c: ServiceContext<Env>,
  content: ReturnType<typeof unknownPage>,
  status: 200 | 404 | 409,
  challenge: Challenge | null,
): Promise<Response> {
  const shop = challenge?.returnUrl == null ? "" : ` ${new URL(challenge.returnUrl).origin}`;
  return c.html(content, status, {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-security-policy": `default-src 'none'; style-src 'unsafe-inline'; form-action 'self'${shop}; base-uri 'none'; frame-ancestors 'none'`,
  });
}

function keyRequired(): ProblemError {
  return new ProblemError({
    status: 401,
    code: "authentication_required",
    detail: "Send the sandbox's STRIPE_API_KEY as `Authorization: Bearer …`.",
    headers: { "www-authenticate": 'Bearer realm="payment-sandbox"' },
  });
}
