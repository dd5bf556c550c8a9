/** The gateway's stages in their order: the one place that shows what a call passes through. */
import { Hono } from "hono";
import { systemClock } from "../shared/clock.ts";
import { ProblemError, problemResponse } from "../shared/problem.ts";
import { logger, requestIdOf, setLogLevel } from "../shared/telemetry.ts";
import { sampleCall } from "../shared/trace.ts";
import { authenticate } from "./authenticate.ts";
import { refuseOddAddresses } from "./check-address.ts";
import type { GatewayConfiguration } from "./configuration.ts";
import { cors, corsHeaders } from "./cors.ts";
import type { GatewayEnv, GatewayHono } from "./env.ts";
import { forward, nothingAt } from "./forward.ts";
import { RateLimiter } from "./limit-rate.ts";
import { routeMatcher } from "./match-route.ts";
import { nameResourceMetadata } from "./name-resource-metadata.ts";
import { noteNetwork } from "./note-network.ts";
import { noticeChanges } from "./notice-changes.ts";
import { recordPrivileged } from "./record-privileged.ts";
import { refuseForeignSockets } from "./refuse-foreign-sockets.ts";
import { replayAnswer } from "./replay-answer.ts";
import { reportHealth } from "./report-health.ts";
import { REQUEST_ID_HEADER, requestContext } from "./request-context.ts";
import { isReserved, ROUTES } from "./routing-table.ts";
import { commonSecurityHeaders, DATA_POLICY, securityHeaders } from "./security-headers.ts";
import { catalogRequest, fromCatalog, fromMemory } from "./serve-catalog.ts";
import { openApiText } from "./serve-openapi.ts";
import { LoadShedder } from "./shed-load.ts";
import { describeRules } from "./strangler/rules.ts";
import { type StranglerSettings, strangle } from "./strangler/strangle.ts";
import { takeBody } from "./take-body.ts";
import { adminKeyCheck } from "./verify-admin-key.ts";

type Handler = (request: Request, env: GatewayEnv, ctx: ExecutionContext) => Response | Promise<Response>;

export function createGateway(configuration: GatewayConfiguration): Handler {
  setLogLevel(configuration.LOG_LEVEL);
  const app = createStages(configuration);
  const warm = warmPath(configuration);
  const handle: Handler = (request, env, ctx) => warm(request, env, ctx) ?? app.fetch(request, env, ctx);
  const { TRACE_SAMPLE: share } = configuration;
  if (share === 0) return handle;
  return (request, env, ctx) => {
    const place = { service: "gateway", hop: "gateway", name: `${request.method} from memory` } as const;
    return sampleCall(share, request.headers, place, () => handle(request, env, ctx));
  };
}

function createStages(configuration: GatewayConfiguration): Hono<GatewayHono> {
  const match = routeMatcher(ROUTES);
  const app = new Hono<GatewayHono>();
  const shedder = new LoadShedder(configuration.LOAD_LIMITS);
  const limiter = new RateLimiter(configuration.RATE_LIMITS === "on");
  app.onError((error, c) => {
    if (error instanceof ProblemError) return problemResponse(error.problem);
    logger("gateway", c.var.context).error("request_failed", error, { method: c.req.method, path: c.req.path });
    return problemResponse({
      status: 500,
      code: "internal_error",
      detail: "Something broke on our side. It is logged; quote the x-request-id when you ask about it.",
    });
  });
  app.use(
    requestContext(),
    noteNetwork(configuration),
    securityHeaders(isSecure(configuration)),
    cors(configuration.ALLOWED_ORIGINS),
    nameResourceMetadata(configuration.PUBLIC_URL),
    refuseOddAddresses(),
    limiter.strangers(),
  );

  app.get("/healthz", async (c) => {
    const health = await reportHealth(
      c.env,
      configuration.ENVIRONMENT,
      shedder.loads,
      describeRules(configuration.STRANGLER_RULES),
    );
    return c.json(health, health.status === "ok" ? 200 : 503);
  });
  app.get("/openapi.json", async (c) => {
    const text = await openApiText(c.env, configuration.PUBLIC_URL, systemClock.now());
    return c.body(text, 200, { "content-type": "application/json" });
  });

  if (configuration.STRANGLER_RULES.rules.length > 0) app.use(strangle(stranglerSettings(configuration, limiter)));
  app.use(shedder.stage());
  app.use(async (c, next) => {
    const request = catalogRequest(c.req.raw);
    if (request === undefined) return await next();
    return await fromCatalog(request, c.env, c.executionCtx, c.var.context);
  });
  app.use(async (c, next) => {
    const route = match(c.req.path);
    if (route === undefined || (route.service === "STOREFRONT" && isReserved(c.req.path)))
      throw nothingAt(c.req.method, c.req.path);
    c.set("route", route);
    await next();
  });
  app.use(
    refuseForeignSockets(configuration),
    authenticate(configuration),
    limiter.principals(),
    takeBody(),
    replayAnswer(configuration.CAPABILITY_SECRET),
    recordPrivileged(),
    noticeChanges(),
  );
  app.all("*", forward);
  return app;
}

/**
 * Catalogue pages that this isolate holds go out before any stage runs: they need no route, body or principal. They are
 * not in the access log: they are most of the traffic and all alike.
 */
function warmPath(configuration: GatewayConfiguration) {
  const { rules } = configuration.STRANGLER_RULES;
  // A rule may send parts of the catalogue elsewhere.
  if (rules.some(({ path }) => isReserved(path))) return () => undefined;
  const { ALLOWED_ORIGINS: allowedOrigins } = configuration;
  const common = { ...commonSecurityHeaders(isSecure(configuration)), ...DATA_POLICY, ...corsHeaders(allowedOrigins, null) };
  return (request: Request, env: GatewayEnv, ctx: ExecutionContext): Response | undefined => {
    const asked = catalogRequest(request);
    const response = asked === undefined ? undefined : fromMemory(asked, env, ctx, common);
    if (response === undefined) return undefined;
    const { headers } = response;
    const origin = request.headers.get("origin");
    if (origin !== null)
      for (const [name, value] of Object.entries(corsHeaders(allowedOrigins, origin))) headers.set(name, value);
    headers.set(REQUEST_ID_HEADER, requestIdOf(request.headers));
    return response;
  };
}

function stranglerSettings(configuration: GatewayConfiguration, limiter: RateLimiter): StranglerSettings {
  const { STRANGLER_RULES: rules, PUBLIC_URL: publicUrl, ADMIN_API_KEY } = configuration;
  return { rules, publicUrl, limiter, isAdminKey: adminKeyCheck(ADMIN_API_KEY) };
}

function isSecure(configuration: GatewayConfiguration): boolean {
  return configuration.PUBLIC_URL.startsWith("https:");
}
