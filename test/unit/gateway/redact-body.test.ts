/** What of a request body may be kept in the privileged log. */
import { describe, expect, it } from "vitest";
import { redactBody } from "../../../workers/gateway/redact-body.ts";
import { newApiKey } from "../../../workers/shared/api-key.ts";

function redacted(body: unknown): unknown {
  const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  return JSON.parse(redactBody(bytes.buffer as ArrayBuffer) ?? "null");
}

describe("a redacted body", () => {
  it("keeps no parcel's number: it leads to a person's door", () => {
    const shipment = { carrier: "Post", tracking_number: "PARCEL991", lines: [] };
    expect(redacted(shipment)).toEqual({ carrier: "[private]", tracking_number: "[private]", lines: [] });
  });

  it("keeps no word that an operator wrote beside a movement of stock (regression: a delivery note with a name)", () => {
    expect(redacted({ quantity: 1, reference: "lovelace" })).toEqual({ quantity: 1, reference: "[private]" });
  });

  it("keeps what was asked for: amounts, states, scopes, ids, times", () => {
    const body = {
      amount_minor: 1_999,
      currency: "GBP",
      restock: true,
      status: "active",
      scopes: ["orders:read"],
      id: "ord_01h455vb4pex5vsknk084sn02q",
      expires_at: "2027-01-01T00:00:00.000Z",
      lines: [{ sku: "SHIRT-42", quantity: 2 }],
      reference: null,
    };
    expect(redacted(body)).toEqual(body);
  });

  const SECRETS = [
    "ada@example.com",
    "Ada Lovelace",
    "lovelace",
    "12 St James's Square",
    "4242424242424242",
    newApiKey(),
    "eyJhbGciOiJFUzI1NiJ9.e30.c2ln",
    "correct-horse-battery",
    "+442071234567",
  ];
  it.each(SECRETS)("keeps nothing of %s, wherever it stands", (secret) => {
    const nested = {
      email: secret,
      name: secret,
      password: secret,
      address: { line1: secret, other: secret },
      note: [secret],
      customer_phone: secret,
    };
    const named = Object.fromEntries([[secret, 1]]);
    for (const body of [
      nested,
      { a: [nested] },
      ...(/[ @+]|\d{9}|^hf_|^eyJ/.test(secret) ? [[secret], { x: secret }, named] : []),
    ])
      expect(JSON.stringify(redacted(body))).not.toContain(secret);
  });

  it("keeps no card number that was sent as a number", () => {
    expect(JSON.stringify(redacted({ x: 4242424242424242 }))).not.toContain("4242");
  });

  it("is bounded in depth, members and length", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(60)}1${"}".repeat(60)}`) as unknown;
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, "x".repeat(60)]));
    for (const body of [deep, wide, [wide, wide], Array.from({ length: 9_000 }, () => "word")])
      expect(JSON.stringify(redacted(body)).length).toBeLessThan(4_100);
  });

  it("says only how long something is that is no JSON", () => {
    expect(redacted("Handle,Title\nada@example.com")).toBe("[28 bytes that are no JSON]");
    expect(redactBody(null)).toBeNull();
  });

  it("takes no member that changes what an object is", () => {
    expect(redacted('{"__proto__":{"admin":true},"a":1}')).toEqual({ a: 1, left_out: 1 });
  });
});
