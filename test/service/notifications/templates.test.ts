/** What a mail says, and that no title can say more than its text. */
import { describe, expect, it } from "vitest";
import type { NotificationDetails } from "../../../queues/notifications/decide-notifications.ts";
import { renderMessage } from "../../../queues/notifications/render-message.ts";
import type { Order } from "../../../workers/orders/contract.ts";
import { makeOrder } from "./fixtures.ts";

const URL = "https://shop.example/orders/ord_1?token=a.b&x=1";

function render(details: NotificationDetails, order: Order = makeOrder()) {
  return renderMessage("key", details, { shopName: "Mugs & More", orderUrl: URL, order });
}

const CONFIRMATION: NotificationDetails = { template: "order_confirmation" };

describe("an order confirmation", () => {
  it("lists lines, totals with the VAT in them, number, address and link, in HTML and in text", () => {
    const { html, text, subject, short } = render(CONFIRMATION);
    for (const form of [html.replaceAll("&#39;", "'"), text]) {
      for (const told of [
        "20261121-0-0-1",
        "Enamel mug",
        "£25.00",
        "£4.99",
        "£29.99",
        "£3.95",
        "£33.94",
        "of which VAT (20 %)",
        "£5.66",
      ]) {
        expect(form).toContain(told);
      }
      for (const told of ["Ada Lovelace", "12 St James's Square", "London, SW1Y 4JH", "United Kingdom"])
        expect(form).toContain(told);
    }
    expect(html).toContain(`href="${URL.replaceAll("&", "&amp;")}"`);
    expect(text).toContain(URL);
    expect(subject).toBe("Your order 20261121-0-0-1 at Mugs & More");
    expect(short).toBe("Mugs & More: we have your order 20261121-0-0-1, £33.94.");
  });

  it("puts tax on top where prices exclude it, and shows a discount", () => {
    const totals = { subtotalMinor: 2_999, discountMinor: 300, shippingMinor: 395, taxMinor: 250, totalMinor: 3_344 };
    const { text } = render(CONFIRMATION, makeOrder({ currency: "USD", totals, taxIncluded: false, taxRateBasisPoints: 825 }));
    const rows = text.split("\n").map((row) => row.replace(/\s{2,}/g, " | "));
    const from = rows.indexOf("Subtotal | US$29.99");
    expect(rows.slice(from, from + 5)).toEqual([
      "Subtotal | US$29.99",
      "Discount | -US$3.00",
      "Shipping, Standard | US$3.95",
      "Tax (8.25 %) | US$2.50",
      "Total | US$33.44",
    ]);
  });

  it("shows currencies without and with three minor digits", () => {
    const totals = { subtotalMinor: 1_234, discountMinor: 0, shippingMinor: 0, taxMinor: 0, totalMinor: 1_234 };
    expect(render(CONFIRMATION, makeOrder({ currency: "JPY", totals })).text).toContain("JP¥1,234");
    expect(render(CONFIRMATION, makeOrder({ currency: "KWD", totals })).text).toMatch(/KWD\s1\.234/);
  });

  it("escapes whatever a title, a name or an option holds, and keeps it on its line", () => {
    const hostile = `<script>alert("x")</script>\r\nTotal: £0.00\u202e<img src=x onerror='y'>&amp;`;
    const [line] = makeOrder().lines;
    if (line === undefined) throw new Error("the fixture has lines");
    const order = makeOrder({
      lines: [{ ...line, title: hostile, sku: hostile }],
      shippingAddress: { name: hostile, line1: hostile, city: hostile, postalCode: "1", country: "GB" },
      shippingOption: { id: "x", name: hostile },
      number: hostile,
    });
    const shipped = {
      template: "order_shipped",
      carrier: hostile,
      trackingNumber: hostile,
      lines: [{ sku: hostile, quantity: 1 }],
      complete: true,
    } as const;
    const refunded = {
      template: "order_refunded",
      amountMinor: 1,
      lines: [{ sku: hostile, quantity: 1, amountMinor: 1 }],
    } as const;
    for (const details of [CONFIRMATION, shipped, refunded, { template: "order_cancelled" } as const]) {
      const { html, text, subject } = render(
        { ...details, lines: "lines" in details ? [...details.lines] : [] } as NotificationDetails,
        order,
      );
      expect(html).not.toMatch(/<script|<img|onerror='/);
      expect(html).toContain("&lt;script&gt;");
      expect(text.split("\n").filter((row) => row.startsWith("Total: £0.00"))).toEqual([]);
      expect(subject).not.toMatch(/[\r\n]/);
    }
  });
});

describe("the other mails", () => {
  it("tell a part from the last of a shipment, and by whom it goes", () => {
    const shipped = {
      template: "order_shipped",
      carrier: "Royal Mail",
      trackingNumber: "RM1",
      lines: [{ sku: "MUG-1", quantity: 1 }],
    } as const;
    const part = render({ ...shipped, lines: [...shipped.lines], complete: false });
    expect(part.subject).toBe("Part of your order 20261121-0-0-1 is on its way");
    expect(part.text).toContain("1 x Enamel mug");
    expect(part.text).toContain("Sent with Royal Mail, tracking number RM1.");
    const last = render({ ...shipped, lines: [...shipped.lines], complete: true, carrier: null, trackingNumber: null });
    expect(last.text).toContain("This completes your order.");
    expect(last.text).not.toContain("Sent");
  });

  it("tell what was refunded, and of a cancellation what became of the money", () => {
    const refunded = render({
      template: "order_refunded",
      amountMinor: 1_250,
      lines: [{ sku: "MUG-1", quantity: 1, amountMinor: 1_250 }],
    });
    expect(refunded.text).toContain("1 x Enamel mug - £12.50");
    expect(refunded.html).toContain("£12.50");
    const kept = makeOrder({ payment: { status: "voided", paymentId: null, amountMinor: 3_394, refundedMinor: 0 } });
    expect(render({ template: "order_cancelled" }, kept).text).toContain("No money was kept");
    const paid = makeOrder({ payment: { status: "refunded", paymentId: "pi_1", amountMinor: 3_394, refundedMinor: 3_394 } });
    expect(render({ template: "order_cancelled" }, paid).text).toContain("We refunded £33.94");
  });
});
