/** 3-D Secure: the bank's page asks, the shopper answers once, and comes back to the shop. */
import { describe, expect, it } from "vitest";
import { checkoutParameters, sandboxFetch, stripe } from "./client.ts";

async function challenged(paymentMethod = "pm_card_authenticationRequired") {
  const intent = await stripe.paymentIntents.create(checkoutParameters("ord_3ds", paymentMethod));
  expect(intent).toMatchObject({ status: "requires_action", latest_charge: null, next_action: { type: "redirect_to_url" } });
  return { id: intent.id, url: new URL(intent.next_action?.redirect_to_url?.url ?? "") };
}

async function answer(url: URL, action: "approve" | "decline", secret = url.searchParams.get("client_secret") ?? "") {
  return await sandboxFetch(`${url.origin}${url.pathname}/${action}`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ client_secret: secret }).toString(),
    redirect: "manual",
  });
}

describe("the bank's page", () => {
  it("shows the amount and two forms, runs no script and may only send the shopper back to their shop", async () => {
    const { id, url } = await challenged();
    expect(url.pathname).toBe(`/payment-sandbox/authenticate/${id}`);
    const page = await sandboxFetch(url.toString());
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain("£19.99");
    expect(text.match(/<form method="post"/g)).toHaveLength(2);
    expect(text).toContain('<html lang="en">');
    expect(text).not.toMatch(/<script| on[a-z]+=/);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("form-action 'self' https://shop.example;");
    expect(policy).toContain("default-src 'none'");
  });

  it("approves: the money is reserved, and the shopper is back at the shop", async () => {
    const { id, url } = await challenged();
    const returned = await answer(url, "approve");
    expect(returned.status).toBe(303);
    expect(returned.headers.get("location")).toBe(
      `https://shop.example/return?order=1&payment_intent=${id}&redirect_status=succeeded`,
    );
    const intent = await stripe.paymentIntents.retrieve(id, { expand: ["latest_charge"] });
    expect(intent).toMatchObject({
      status: "requires_capture",
      next_action: null,
      latest_charge: { payment_method_details: { card: { three_d_secure: { result: "authenticated" } } } },
    });
  });

  it("declines: nothing is charged, and the shop is told", async () => {
    const { id, url } = await challenged();
    expect((await answer(url, "decline")).headers.get("location")).toContain("redirect_status=failed");
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: "requires_payment_method",
      amount_capturable: 0,
      last_payment_error: { code: "payment_intent_authentication_failure" },
    });
  });

  it("approves a card without money: the shop is told that it failed", async () => {
    const { id, url } = await challenged("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds");
    expect((await answer(url, "approve")).headers.get("location")).toContain("redirect_status=failed");
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      last_payment_error: { decline_code: "insufficient_funds" },
    });
  });

  it("says so when the payment was cancelled or answered before, and changes nothing", async () => {
    const { id, url } = await challenged();
    await stripe.paymentIntents.cancel(id);
    const late = await answer(url, "approve");
    expect(late.status).toBe(409);
    expect(await late.text()).toContain("was cancelled");
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: "canceled", amount_capturable: 0 });
    const other = await challenged();
    await answer(other.url, "approve");
    const again = await answer(other.url, "decline");
    expect(again.status).toBe(409);
    expect(await again.text()).toContain("https://shop.example/return?order=1");
    expect(await stripe.paymentIntents.retrieve(other.id)).toMatchObject({ status: "requires_capture" });
  });

  it("opens nothing without the payment's secret", async () => {
    const { id, url } = await challenged();
    for (const secret of ["", "wrong", `${id}_secret_`]) {
      expect((await answer(url, "approve", secret)).status).toBe(404);
      const page = new URL(url);
      page.searchParams.set("client_secret", secret);
      expect((await sandboxFetch(page.toString())).status).toBe(404);
    }
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: "requires_action" });
  });
});
