/** What an order's page shows: the state in one sentence and what to do, then the facts. Pure. */
import type { Child } from "hono/jsx";
import { systemClock } from "../../../shared/clock.ts";
import { CsrfField } from "../../components/csrf-field.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import { HoldCountdown } from "../../islands/markup/hold-countdown.tsx";
import { link, type PageContext } from "../../page-context.ts";
import type { OrderView } from "../../peers/orders.ts";
import { orderTexts } from "../../texts/checkout.ts";
import { cartIdOf } from "./open-cart.ts";
import { OrderFacts } from "./order-facts.tsx";
import { OrderLines } from "./order-lines.tsx";
import { orderPath } from "./order-link.ts";
import { OrderTimeline, Shipments } from "./order-progress.tsx";

export interface OrderProps {
  readonly page: PageContext;
  readonly order: OrderView;
}

export function OrderContent({ page, order }: OrderProps) {
  const texts = orderTexts(page.locale);
  return (
    <div class="order">
      <OrderState page={page} order={order} />
      <div class="order-columns">
        <div class="order-main">
          <OrderLines page={page} order={order} />
          {order.status === "fulfilled" ||
          order.status === "completed" ||
          order.status === "placed" ||
          order.shipments.length > 0 ? (
            <Shipments page={page} order={order} />
          ) : null}
        </div>
        <div class="order-side">
          <OrderFacts page={page} order={order} />
          <OrderTimeline page={page} order={order} />
        </div>
      </div>
      <p class="order-help">
        {texts.print} {texts.help} <a href={link(page, "/pages/contact")}>{texts.helpLink}</a>
      </p>
    </div>
  );
}

function OrderState({ page, order }: OrderProps) {
  const texts = orderTexts(page.locale);
  switch (order.status) {
    case "submitted":
      return (
        <State tone="waiting" title={texts.pendingTitle} lead={texts.pendingLead}>
          <a class="button button-secondary" href={orderPath(page, order.id)}>
            {texts.lookAgain}
          </a>
        </State>
      );
    case "awaiting_payment":
      return <AwaitedPayment page={page} order={order} />;
    case "failed":
      return <Failed page={page} order={order} />;
    case "cancelled": {
      const paid = order.payment.refunded.amount_minor > 0;
      return <State tone="bad" title={texts.cancelledTitle} lead={paid ? texts.cancelledPaid : texts.cancelledUnpaid} />;
    }
    case "placed":
    case "fulfilled":
    case "completed": {
      const title = order.status === "placed" ? texts.thanks : texts.status[order.status];
      const lead = order.status === "placed" ? texts.thanksLead(order.email) : undefined;
      return (
        <State tone="good" title={title} lead={lead}>
          <a class="button button-secondary" href={link(page, "/")}>
            {texts.goOn}
          </a>
        </State>
      );
    }
  }
}

interface StateProps {
  readonly tone: "good" | "waiting" | "bad";
  readonly title: string;
  readonly lead: string | undefined;
  readonly children?: Child;
}

function State({ tone, title, lead, children }: StateProps) {
  return (
    <section class={`order-state order-state-${tone}`}>
      <h1>{title}</h1>
      {lead === undefined ? null : <p class="order-lead">{lead}</p>}
      {children == null ? null : <div class="order-ways">{children}</div>}
    </section>
  );
}

function AwaitedPayment({ page, order }: OrderProps) {
  const texts = orderTexts(page.locale);
  const expiresAtMs = order.hold_expires_at === null ? undefined : Date.parse(order.hold_expires_at);
  return (
    <State tone="waiting" title={texts.awaitingTitle} lead={texts.awaitingLead}>
      {expiresAtMs === undefined ? null : <HoldCountdown page={page} expiresAtMs={expiresAtMs} nowMs={systemClock.now()} />}
      {order.next_action === null ? null : (
        <a class="button button-primary" href={orderPath(page, order.id, "/payment")}>
          {texts.confirmPayment}
        </a>
      )}
      <form method="post" action={orderPath(page, order.id, "/payment/abandon")} class="line-form">
        <CsrfField page={page} />
        <SubmitButton variant="secondary">{texts.otherPayment}</SubmitButton>
      </form>
      <p class="order-note">{texts.otherPaymentNote}</p>
      <p data-hold-expired hidden>
        <a class="button button-primary" href={orderPath(page, order.id)}>
          {texts.lookAgain}
        </a>
      </p>
    </State>
  );
}

function Failed({ page, order }: OrderProps) {
  const texts = orderTexts(page.locale);
  const reason = order.failure_reason ?? "";
  const why = Object.hasOwn(texts.failed, reason) ? (texts.failed[reason] ?? texts.failedOther) : texts.failedOther;
  const hasCart = cartIdOf(page) === order.cart_id;
  return (
    <State tone="bad" title={texts.failedTitle} lead={hasCart ? `${why} ${texts.cartKept}` : why}>
      <a class="button button-primary" href={link(page, hasCart ? "/checkout" : "/")}>
        {hasCart ? texts.backToCheckout : texts.goOn}
      </a>
    </State>
  );
}
