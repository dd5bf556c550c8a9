/** The gateway's settings, parsed once at start: a bad value stops the worker, not the first shopper's request. */
import { env } from "cloudflare:workers";
import * as z from "zod";
import { parseConfiguration, SecretVariable, UrlVariable } from "../shared/configuration.ts";
import { laneLimits } from "./load-class.ts";
import { parseStranglerRules, type StranglerRules } from "./strangler/rules.ts";

/** `*`, or origins such as `https://shop.example` separated by commas. */
const OriginList = z
  .string()
  .transform((text) => text.split(",").map((origin) => origin.trim()))
  .pipe(
    z
      .array(
        z.union(
          [z.literal("*"), z.url({ protocol: /^https?$/ }).refine((url) => URL.canParse(url) && new URL(url).origin === url)],
          "must be `*` or origins such as https://shop.example",
        ),
      )
      .min(1),
  );

/** JSON: see docs/migration.md. */
const StranglerRulesVariable = z
  .string()
  .default("")
  .transform((text, context): StranglerRules => {
    const parsed = parseStranglerRules(text);
    if (parsed.ok) return parsed.value;
    for (const fault of parsed.error.faults) context.addIssue(fault);
    return z.NEVER;
  });

const Settings = z.object({
  ENVIRONMENT: z.enum(["local", "test", "production"]),
  /** Where shoppers and integrations reach the gateway. */
  PUBLIC_URL: UrlVariable,
  ALLOWED_ORIGINS: OriginList,
  /** Where calls are refused as `overloaded`: see `load-class.ts`. */
  LOAD_LIMITS: z
    .string()
    .default("")
    .transform((text, context) => {
      const limits = laneLimits(text);
      if (limits === undefined) context.addIssue("must be like `checkout=8000/256,browse=500/1000`: class=target ms/burst");
      return limits ?? z.NEVER;
    }),
  /** `on` refuses who asks too often: see `rate-policies.ts`. Load and fault tests come from one address. */
  RATE_LIMITS: z.enum(["on", "off"], "must be `on` or `off`"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  /** Share of the calls that write down their spans: docs/tracing.md. */
  TRACE_SAMPLE: z
    .string()
    .regex(/^(?:0|1|0?\.\d+)$/, "must be a share from 0 to 1")
    .default("0")
    .transform(Number),
  ADMIN_API_KEY: SecretVariable,
  /** Signs cart, order and session tokens; the same value as at orders and identity. */
  CAPABILITY_SECRET: SecretVariable,
  /** Paths that an older shop still answers. */
  STRANGLER_RULES: StranglerRulesVariable,
});

export const GatewayConfiguration = Settings.superRefine(({ ENVIRONMENT, PUBLIC_URL, STRANGLER_RULES }, context) => {
  const refuse = (message: string) => context.addIssue({ code: "custom", path: ["STRANGLER_RULES"], message });
  if (ENVIRONMENT === "production" && STRANGLER_RULES.allowsPrivateOrigins)
    refuse("allow_private_origins is for development, not for production");
  const shop = new URL(PUBLIC_URL).host;
  for (const { legacy } of STRANGLER_RULES.rules)
    if (legacy !== undefined && new URL(legacy.origin).host === shop)
      refuse(`${legacy.name} is this shop itself: calls would go in a circle`);
});
export type GatewayConfiguration = z.infer<typeof GatewayConfiguration>;

export const configuration: GatewayConfiguration = parseConfiguration("gateway", GatewayConfiguration, env);
