/** The sandbox's form decoder: what the SDK writes comes back, and nothing else gets through. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseForm } from "../../../workers/payment-sandbox/parse-form.ts";

describe("parseForm", () => {
  it("nests objects and lists as the brackets say", () => {
    const text = "amount=1&metadata[order_id]=o&expand[0]=a&expand[1]=b&tags[]=x&tags[]=y&a[b][c]=%26";
    expect(parseForm(text)).toEqual({
      ok: true,
      value: { amount: "1", metadata: { order_id: "o" }, expand: ["a", "b"], tags: ["x", "y"], a: { b: { c: "&" } } },
    });
  });

  it("keeps keys such as __proto__ as plain keys", () => {
    const parsed = parseForm("metadata[__proto__]=x&__proto__[polluted]=1");
    expect(parsed.ok && Object.keys(parsed.value)).toEqual(["metadata", "__proto__"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it.each(["a[b=1", "a]=1", "[a]=1", "a=1&a[b]=2", "a[b]=1&a=2", `a${"[x]".repeat(9)}=1`])("refuses %s", (text) => {
    expect(parseForm(text)).toMatchObject({ ok: false, error: { code: "malformed_form" } });
  });

  it("never throws, whatever it is given", () => {
    fc.assert(fc.property(fc.string(), (text) => void parseForm(text)));
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "[", "]", "=", "&", "0", "%5B")), (parts) => void parseForm(parts.join(""))),
    );
  });
});
