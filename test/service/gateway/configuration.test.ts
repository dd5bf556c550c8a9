/** With which settings the gateway starts, and what it says when it does not. */
import { describe, expect, it } from "vitest";
import { GatewayConfiguration } from "../../../workers/gateway/configuration.ts";
import { parseConfiguration } from "../../../workers/shared/configuration.ts";
import { TEST_SECRETS } from "../../secrets.ts";

describe("the gateway", () => {
  const variables = {
    ...TEST_SECRETS,
    ENVIRONMENT: "production",
    PUBLIC_URL: "https://shop.example",
    ALLOWED_ORIGINS: "https://shop.example",
    RATE_LIMITS: "on",
  };
  const rules = (change = {}, more = {}) =>
    JSON.stringify({
      origins: { "old-shop": { url: "https://old.example" } },
      rules: [{ path: "/a", to: "old-shop", ...change }],
      ...more,
    });
  const start = (change: object) => () => parseConfiguration("gateway", GatewayConfiguration, { ...variables, ...change });

  it("starts with rules that are right", () => {
    expect(start({ STRANGLER_RULES: rules() })().STRANGLER_RULES.rules).toHaveLength(1);
    expect(start({})().STRANGLER_RULES.rules).toEqual([]);
  });

  it("does not start with others, and says which and why", () => {
    expect(start({ STRANGLER_RULES: rules({ path: "a" }) })).toThrow(
      /gateway cannot start[\s\S]*STRANGLER_RULES: rules\.0\.path: must be a path such as \/wishlist/,
    );
    expect(start({ STRANGLER_RULES: rules({}, { allow_private_origins: true }) })).toThrow(
      /STRANGLER_RULES: allow_private_origins is for development/,
    );
    const self = { origins: { me: { url: "https://shop.example" } }, rules: [{ path: "/a", to: "me" }] };
    expect(start({ STRANGLER_RULES: JSON.stringify(self) })).toThrow(/me is this shop itself/);
  });

  it("starts in production only with limits that are on or off, and with origins, of which `null` is none", () => {
    expect(start({ RATE_LIMITS: undefined })).toThrow(/RATE_LIMITS: must be `on` or `off`/);
    for (const origins of ["null", "https://shop.example/path", "shop.example", ""])
      expect(start({ ALLOWED_ORIGINS: origins })).toThrow(/ALLOWED_ORIGINS/);
  });
});
