/**
 * Access tokens (RFC 9068) against identity's published keys. One algorithm, one type, one issuer, one audience: `none`,
 * HMAC confusion and keys embedded in the token's header find no way in. Keys are kept per isolate and read again for an
 * unknown `kid`, at most once per interval, so that forged kids cannot make identity work.
 */
import { createLocalJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import * as z from "zod";
import {
  ACCESS_TOKEN_ALGORITHM,
  ACCESS_TOKEN_TYPE,
  JWKS_CACHE_SECONDS,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
} from "../identity/contract.ts";
import { err, ok, type Result } from "../shared/result.ts";

const REFRESH_INTERVAL_MIN_MS = 10_000;
/** Clocks of the signer and ours may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 5;

const Jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });
const Claims = z.looseObject({ sub: z.string().min(1), sid: z.string().min(1) });

export interface TokenSubject {
  readonly subject: string;
  readonly sessionId: string;
}

interface KnownKeys {
  readonly resolve: JWTVerifyGetKey;
  readonly readAtMs: number;
}

/** `readJwks` throws when identity cannot be asked; that passes through, because the token may well be good. */
export class AccessTokenVerifier {
  #known: KnownKeys | undefined;

  async verify(
    token: string,
    nowMs: number,
    readJwks: () => Promise<unknown>,
  ): Promise<Result<TokenSubject, { readonly code: "invalid_token" }>> {
    const known = await this.#keys(nowMs, JWKS_CACHE_SECONDS * 1_000, readJwks);
    const first = await check(token, known.resolve, nowMs);
    if (first !== "unknown_key") return first;
    const renewed = await this.#keys(nowMs, REFRESH_INTERVAL_MIN_MS, readJwks);
    if (renewed === known) return err({ code: "invalid_token" });
    const second = await check(token, renewed.resolve, nowMs);
    return second === "unknown_key" ? err({ code: "invalid_token" }) : second;
  }

  async #keys(nowMs: number, ageMaxMs: number, readJwks: () => Promise<unknown>): Promise<KnownKeys> {
    if (this.#known !== undefined && nowMs - this.#known.readAtMs < ageMaxMs) return this.#known;
    const jwks = Jwks.parse(await readJwks());
    this.#known = { resolve: createLocalJWKSet(jwks), readAtMs: nowMs };
    return this.#known;
  }
}

async function check(
  token: string,
  resolve: JWTVerifyGetKey,
  nowMs: number,
): Promise<Result<TokenSubject, { readonly code: "invalid_token" }> | "unknown_key"> {
  try {
    const { payload } = await jwtVerify(token, resolve, {
      algorithms: [ACCESS_TOKEN_ALGORITHM],
      typ: ACCESS_TOKEN_TYPE,
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      requiredClaims: ["sub", "sid", "exp"],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(nowMs),
    });
    const claims = Claims.safeParse(payload);
    if (!claims.success) return err({ code: "invalid_token" });
    return ok({ subject: claims.data.sub, sessionId: claims.data.sid });
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return "unknown_key";
    return err({ code: "invalid_token" });
  }
}
