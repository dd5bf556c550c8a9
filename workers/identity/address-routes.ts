/** `/v1/me/addresses`: the customer's address book. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { systemClock } from "../shared/clock.ts";
import { jsonBody, jsonContent, notFound, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { ADDRESSES_MAX, addAddress, changeAddress, listAddresses, removeAddress } from "./address-book.ts";
import { type Env, openStore } from "./env.ts";
import { refusal } from "./errors.ts";
import {
  AddressChangeBody,
  AddressJson,
  addressJson,
  changedAddressFields,
  NewAddress,
  newAddressFields,
  PRIVATE,
} from "./representations.ts";
import { customerOrApp, requireCustomerOrApp } from "./signed-in.ts";

const tags = ["account"];
const AddressParam = z.strictObject({ id: z.string().max(100) });

const readAddresses = createRoute({
  method: "get",
  path: "/v1/me/addresses",
  operationId: "listAddresses",
  tags,
  summary: "The address book, oldest first",
  description: `One page holds it all: an account keeps at most ${ADDRESSES_MAX} addresses.`,
  security: customerOrApp("addresses:read"),
  responses: {
    200: jsonContent(z.strictObject({ items: z.array(AddressJson), next_cursor: z.null() }), "The addresses"),
    ...problemResponses(401),
  },
});

const createAddress = createRoute({
  method: "post",
  path: "/v1/me/addresses",
  operationId: "createAddress",
  tags,
  summary: "Add an address; the first becomes the default",
  security: customerOrApp("addresses:write"),
  request: { body: jsonBody(NewAddress) },
  responses: { 201: jsonContent(AddressJson, "The new address"), ...problemResponses(400, 401, 409, 422) },
});

const patchAddress = createRoute({
  method: "patch",
  path: "/v1/me/addresses/{id}",
  operationId: "updateAddress",
  tags,
  summary: "Change an address; null removes an optional member",
  security: customerOrApp("addresses:write"),
  request: { params: AddressParam, body: jsonBody(AddressChangeBody) },
  responses: { 200: jsonContent(AddressJson, "The changed address"), ...problemResponses(400, 401, 404, 422) },
});

const deleteAddress = createRoute({
  method: "delete",
  path: "/v1/me/addresses/{id}",
  operationId: "deleteAddress",
  tags,
  summary: "Delete an address",
  security: customerOrApp("addresses:write"),
  request: { params: AddressParam },
  responses: { 204: { description: "Deleted" }, ...problemResponses(401, 404) },
});

export function mountAddressRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(readAddresses, async (c) => {
    const customer = await requireCustomerOrApp(c, "addresses:read", systemClock.now());
    const rows = await listAddresses(openStore(c.env).database, customer.id);
    return c.json({ items: rows.map(addressJson), next_cursor: null }, 200, PRIVATE);
  });
  app.openapi(createAddress, async (c) => {
    const nowMs = systemClock.now();
    const customer = await requireCustomerOrApp(c, "addresses:write", nowMs);
    const fields = newAddressFields(c.req.valid("json"));
    const added = await addAddress(openStore(c.env).database, customer.id, fields, nowMs);
    if (!added.ok) throw refusal(added.error);
    return c.json(addressJson(added.value), 201, PRIVATE);
  });
  app.openapi(patchAddress, async (c) => {
    const nowMs = systemClock.now();
    const customer = await requireCustomerOrApp(c, "addresses:write", nowMs);
    const change = changedAddressFields(c.req.valid("json"));
    const changed = await changeAddress(openStore(c.env).database, customer.id, c.req.valid("param").id, change, nowMs);
    if (changed === undefined) throw notFound("address");
    return c.json(addressJson(changed), 200, PRIVATE);
  });
  app.openapi(deleteAddress, async (c) => {
    const customer = await requireCustomerOrApp(c, "addresses:write", systemClock.now());
    if (!(await removeAddress(openStore(c.env).database, customer.id, c.req.valid("param").id))) throw notFound("address");
    return c.body(null, 204);
  });
}
