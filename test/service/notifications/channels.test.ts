/** SMS and web push against a provider that the test plays, and the configuration that turns them on. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Fetch, RenderedMessage } from "../../../queues/notifications/channels/channel-sender.ts";
import { pushSender } from "../../../queues/notifications/channels/push-sender.ts";
import { smsSender } from "../../../queues/notifications/channels/sms-sender.ts";
import { readConfiguration } from "../../../queues/notifications/configuration.ts";
import { PushSubscription } from "../../../queues/notifications/contract.ts";
import { horizonMs } from "../../../queues/notifications/mail-horizon.ts";
import { findPushSubscription, storePushSubscription } from "../../../queues/notifications/read-notifications.ts";
import { makeOrder } from "./fixtures.ts";

const MESSAGE: RenderedMessage = {
  key: "/orders/partitions/0-1#3/order_confirmation",
  subject: "Your order",
  html: "<p>",
  text: "text",
  short: "Shop: we have your order.",
  url: "https://shop.example/o",
};
const BASE = { PUBLIC_URL: "https://shop.example/", SHOP_NAME: "Shop", MAIL_FROM: "orders@shop.example" };
const SMS = { SMS_ACCOUNT_ID: "AC1", SMS_AUTH_TOKEN: "token", SMS_FROM: "+15550000" };

/** A provider that gives these answers in turn and remembers what it was asked. */
function provider(...answers: readonly (Response | Error)[]) {
  const calls: { url: string; init: RequestInit }[] = [];
  const fetch: Fetch = async (url, init) => {
    calls.push({ url, init });
    const answer = answers[calls.length - 1];
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error("not expected");
    return answer;
  };
  return { fetch, calls };
}

describe("SMS", () => {
  const account = { apiUrl: "https://sms.example/", accountId: "AC1", authToken: "token", from: "+15550000" };
  const withPhone = (phone: string) => makeOrder({ shippingAddress: { ...makeOrder().shippingAddress, phone } });

  it("posts the short form and the link as Twilio's Messages resource wants it", async () => {
    const { fetch, calls } = provider(Response.json({ sid: "SM1" }, { status: 201 }));
    const sender = smsSender(fetch, account);
    const recipient = await sender.recipientFor(withPhone("+44 (20) 7946-0958"));
    expect(recipient).toEqual({ address: "+442079460958", label: "+442079460958" });
    const sent = await sender.send(recipient ?? { address: "", label: "" }, MESSAGE);
    expect(sent).toEqual({ ok: true, value: { providerId: "SM1" } });
    expect(calls[0]?.url).toBe("https://sms.example/2010-04-01/Accounts/AC1/Messages.json");
    expect(new Headers(calls[0]?.init.headers).get("authorization")).toBe(`Basic ${btoa("AC1:token")}`);
    expect(Object.fromEntries(new URLSearchParams(String(calls[0]?.init.body)))).toEqual({
      To: "+442079460958",
      From: "+15550000",
      Body: "Shop: we have your order. https://shop.example/o",
    });
  });

  it("reaches nobody without a number in international form", async () => {
    const sender = smsSender(provider().fetch, account);
    for (const order of [makeOrder(), withPhone("020 7946 0958"), withPhone("+0123456789"), withPhone("+44<script>")]) {
      expect(await sender.recipientFor(order)).toBeNull();
    }
  });

  it("tells what is worth another try from what is not", async () => {
    const { fetch } = provider(
      new Response(null, { status: 503 }),
      new Response(null, { status: 429 }),
      new Error("network"),
      new Response(null, { status: 400 }),
      new Response(null, { status: 302, headers: { location: "http://10.0.0.1/" } }),
    );
    const sender = smsSender(fetch, account);
    const codes: string[] = [];
    for (let attempt = 0; attempt < 5; attempt++) {
      const sent = await sender.send({ address: "+442079460958", label: "" }, MESSAGE);
      codes.push(sent.ok ? "sent" : sent.error.code);
    }
    expect(codes).toEqual(["delivery_failed", "delivery_failed", "delivery_failed", "delivery_refused", "delivery_refused"]);
  });
});

describe("web push", () => {
  async function browser(): Promise<PushSubscription> {
    const pair = (await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"])) as CryptoKeyPair;
    const raw = (await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer;
    const base64url = { alphabet: "base64url", omitPadding: true } as const;
    const keys = {
      p256dh: new Uint8Array(raw).toBase64(base64url),
      auth: crypto.getRandomValues(new Uint8Array(16)).toBase64(base64url),
    };
    return { endpoint: "https://updates.push.services.mozilla.com/wpush/v2/abc", keys };
  }

  async function vapidKeys() {
    const pair = (await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"])) as CryptoKeyPair;
    const raw = (await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer;
    const jwk = (await crypto.subtle.exportKey("jwk", pair.privateKey)) as JsonWebKey;
    const publicKey = new Uint8Array(raw).toBase64({ alphabet: "base64url", omitPadding: true });
    return { publicKey, privateKey: jwk.d ?? "", subject: "mailto:shop@shop.example" };
  }

  it("posts an encrypted message to the browser that asked for it, and reaches no other", async () => {
    const { fetch, calls } = provider(new Response(null, { status: 201, headers: { location: "https://push.example/m/1" } }));
    const order = makeOrder();
    const { DATABASE: db } = env as unknown as { readonly DATABASE: D1Database };
    await storePushSubscription(db, order.id, await browser(), 0);
    await storePushSubscription(db, order.id, await browser(), 1);
    const sender = pushSender(fetch, await vapidKeys(), (orderId) => findPushSubscription(db, orderId));
    expect(await sender.recipientFor(makeOrder())).toBeNull();
    const recipient = await sender.recipientFor(order);
    expect(recipient?.label).toBe("updates.push.services.mozilla.com");
    const sent = await sender.send(recipient ?? { address: "", label: "" }, MESSAGE);
    expect(sent).toEqual({ ok: true, value: { providerId: "https://push.example/m/1" } });
    expect(calls[0]?.url).toBe("https://updates.push.services.mozilla.com/wpush/v2/abc");
    const headers = new Headers(calls[0]?.init.headers);
    expect([headers.get("content-encoding"), headers.get("ttl")]).toEqual(["aes128gcm", "86400"]);
    expect(headers.get("authorization")).toMatch(/^(WebPush|vapid) /);
    expect(new TextDecoder().decode(calls[0]?.init.body as Uint8Array)).not.toContain("we have your order");
  });

  it("accepts only addresses of the browsers' own push services", async () => {
    const { keys } = await browser();
    const accepts = (endpoint: string) => PushSubscription.safeParse({ endpoint, keys }).success;
    expect(accepts("https://fcm.googleapis.com/fcm/send/abc")).toBe(true);
    expect(accepts("https://db5.notify.windows.com/w/?token=abc")).toBe(true);
    for (const endpoint of [
      "http://fcm.googleapis.com/x",
      "https://fcm.googleapis.com.evil.example/x",
      "https://evil.example/fcm.googleapis.com",
      "https://fcm.googleapis.com:8443/x",
      "https://u:p@fcm.googleapis.com/x",
      "https://127.0.0.1/x",
      "https://[::1]/x",
      "javascript:alert(1)",
    ]) {
      expect(accepts(endpoint)).toBe(false);
    }
  });
});

describe("the configuration", () => {
  it("leaves SMS and push off until they are configured", () => {
    expect(readConfiguration(BASE)).toMatchObject({ publicUrl: "https://shop.example", sms: null, push: null });
    expect(readConfiguration({ ...BASE, ...SMS }).sms).toEqual({
      apiUrl: "https://api.twilio.com",
      accountId: "AC1",
      authToken: "token",
      from: "+15550000",
    });
  });

  it("takes nothing for news from before the time that a restore names, however short ago", () => {
    const { horizon } = readConfiguration({ ...BASE, MAILS_NOT_BEFORE: "2026-11-21T12:00:00Z" });
    const atMs = (time: string) => horizonMs(horizon, Date.parse(time));
    expect(atMs("2026-11-21T13:00:00Z")).toBe(Date.parse("2026-11-21T12:00:00Z"));
    expect(atMs("2026-12-21T13:00:00Z")).toBe(Date.parse("2026-12-18T13:00:00Z"));
    expect(() => readConfiguration({ ...BASE, MAILS_NOT_BEFORE: "yesterday" })).toThrow(/MAILS_NOT_BEFORE: must be a UTC time/);
  });

  it("stops the worker on a bad value and on half a channel", () => {
    expect(() => readConfiguration({ ...BASE, MAIL_FROM: "nobody" })).toThrow("MAIL_FROM");
    expect(() => readConfiguration({ ...BASE, SMS_ACCOUNT_ID: "AC1" })).toThrow("must be set together");
    expect(() => readConfiguration({ ...BASE, PUSH_PUBLIC_KEY: "x" })).toThrow("must be set together");
  });
});
