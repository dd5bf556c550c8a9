/** `/account/orders`: every order of the customer, newest first, a page at a time. */
import type { Context } from "hono";
import { Pagination } from "../../components/pagination.tsx";
import type { StorefrontHono } from "../../env.ts";
import { listOrders } from "../../peers/account.ts";
import { renderPage } from "../../render-page.tsx";
import { accountTexts } from "../../texts/account.ts";
import { AccountFrame } from "./account-frame.tsx";
import { refused, seeOther } from "./customer-only.ts";
import { NoOrders, OrderList, worthShowing } from "./order-list.tsx";

const ORDERS_PER_PAGE = 20;
const CURSOR_LENGTH_MAX = 500;

export async function showOrders(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const cursor = c.req.query("cursor")?.slice(0, CURSOR_LENGTH_MAX);
  const list = await listOrders(page, ORDERS_PER_PAGE, cursor);
  if (!list.ok) {
    // A mangled address starts the list again.
    if (list.error.code === "invalid_cursor") return seeOther(c, "/account/orders");
    return await refused(c, list.error);
  }
  const { orders: texts } = accountTexts(page.locale);
  const { next_cursor: nextCursor } = list.value;
  const orders = worthShowing(list.value.items);
  const next = nextCursor === null ? null : `/account/orders?${new URLSearchParams({ cursor: nextCursor })}`;
  return await renderPage(
    c,
    { title: texts.title, noindex: true },
    <AccountFrame page={page} title={texts.title}>
      {orders.length > 0 ? <OrderList page={page} orders={orders} /> : null}
      {orders.length === 0 && cursor === undefined && next === null ? <NoOrders page={page} /> : null}
      {orders.length === 0 && cursor !== undefined && next === null ? <p>{texts.noMore}</p> : null}
      <Pagination page={page} previous={cursor === undefined ? null : "/account/orders"} next={next} />
    </AccountFrame>,
  );
}
