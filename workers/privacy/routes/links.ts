/**
 * `/v1/privacy/links`: for whoever has no account, or cannot get into it. A mailed link proves the address; it goes into bodies
 * only, because addresses of pages are written down everywhere.
 */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { CLIENT_ADDRESS_HEADER } from "../../shared/client-address.ts";
import { systemClock } from "../../shared/clock.ts";
import { jsonBody, jsonContent, problemResponses, type ServiceContext, type ServiceEnv } from "../../shared/http.ts";
import { LOCALE_DEFAULT, preferredLocale } from "../../shared/locales.ts";
import { ProblemError } from "../../shared/problem.ts";
import { REQUEST_KINDS, type RequestKind } from "../contract.ts";
import type { Env } from "../env.ts";
import { askIdentity } from "../peers.ts";
import {
  archiveOf,
  PersonalArchiveJson,
  PRIVATE,
  PrivacyRequestJson,
  requestJson,
  requireNoOpenOrders,
} from "../request-json.ts";
import { openRequest, type RequestView, readRequest } from "../requests.ts";
import { openOrdersOf, tooManyAttempts } from "./me.ts";

const tags = ["Privacy"];
const Purpose = z.enum(REQUEST_KINDS);
const Token = z.string().min(1).max(100);

const askForLink = createRoute({
  method: "post",
  path: "/v1/privacy/links",
  operationId: "askForPrivacyLink",
  tags,
  summary: "Mail a link to the owner of an address",
  description:
    "Answers alike whether the shop knows the address or not. The link works for a day. The mail comes in the language of " +
    "`Accept-Language`, if the shop knows it.",
  request: { body: jsonBody(z.strictObject({ email: z.email().max(254), purpose: Purpose })) },
  responses: { 202: { description: "A mail is on its way" }, ...problemResponses(400, 422, 429, 503) },
});

const openLink = createRoute({
  method: "post",
  path: "/v1/privacy/links/open",
  operationId: "openPrivacyLink",
  tags,
  summary: "Do what the link was asked for",
  description: "Ask again with the same link to see how far it is.",
  request: { body: jsonBody(z.strictObject({ token: Token, purpose: Purpose })) },
  responses: { 202: jsonContent(PrivacyRequestJson, "It has begun"), ...problemResponses(400, 409, 410, 422, 503) },
});

const readArchive = createRoute({
  method: "post",
  path: "/v1/privacy/links/archive",
  operationId: "downloadDataByLink",
  tags,
  summary: "Download what belongs to the address of the link",
  request: { body: jsonBody(z.strictObject({ token: Token })) },
  responses: { 200: jsonContent(PersonalArchiveJson, "One document"), ...problemResponses(400, 404, 409, 410, 422, 503) },
});

export function mountLinkRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(askForLink, async (c) => {
    const { email, purpose } = c.req.valid("json");
    const network = c.req.header(CLIENT_ADDRESS_HEADER) ?? null;
    const language = preferredLocale(c.req.header("accept-language")) ?? LOCALE_DEFAULT;
    const mailed = await askIdentity(() => c.env.IDENTITY.mailPrivacyLink(email, purpose, { network, language }));
    if (!mailed.ok) throw tooManyAttempts(mailed.error.retryAfterSeconds);
    return c.body(null, 202);
  });
  app.openapi(openLink, async (c) => {
    const { token, purpose } = c.req.valid("json");
    const { messageId, person } = await holderOf(c, token, purpose);
    const ready = purpose === "export" ? await readyArchive(c, messageId) : undefined;
    if (ready !== undefined) return c.json(requestJson(ready), 202, PRIVATE);
    const erases = purpose === "erasure";
    if (erases) requireNoOpenOrders(await openOrdersOf(c, person));
    const subject = erases && person.customerId !== null ? person.customerId : messageId;
    const request = { kind: purpose, subject, askedBy: "guest", person, orderIds: [] } as const;
    return c.json(requestJson(await openRequest(c.env, request, systemClock.now(), c.var.context)), 202, PRIVATE);
  });
  app.openapi(readArchive, async (c) => {
    const { messageId } = await holderOf(c, c.req.valid("json").token, "export");
    return (await archiveOf(c, messageId)) as never;
  });
}

/** What the link has collected already: whoever asks how far it is must not begin it anew. */
async function readyArchive(c: ServiceContext<Env>, messageId: string): Promise<RequestView | undefined> {
  const asked = await readRequest(c.env, "export", messageId);
  return asked?.row.state === "completed" && asked.run !== null ? asked : undefined;
}

async function holderOf(c: ServiceContext<Env>, token: string, purpose: RequestKind) {
  const opened = await askIdentity(() => c.env.IDENTITY.openPrivacyLink(token, purpose));
  if (opened.ok) return opened.value;
  throw new ProblemError({
    status: 410,
    code: opened.error.code,
    detail: "This link does not work any more. Ask for another mail.",
  });
}
