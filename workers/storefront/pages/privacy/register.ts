/** Mounts the pages about a shopper's own data: of the account, and by a mailed link. */
import type { Hono } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { customerOnly, seeOther } from "../account/customer-only.ts";
import { eraseByLink, exportByLink, sendLink, showErasureLink, showExportLink, showRequest } from "./by-link.tsx";
import { collect, DATA_PATH, deleteAccount, download, showMyData } from "./my-data.tsx";

export function registerPrivacyPages(app: Hono<StorefrontHono>): void {
  app.get(DATA_PATH, customerOnly(showMyData));
  app.get(`${DATA_PATH}/archive`, customerOnly(download));
  app.post(`${DATA_PATH}/copy`, customerOnly(collect));
  app.post(`${DATA_PATH}/delete`, customerOnly(deleteAccount));
  // Where a form was refused its page has the form's address: a reload or a change of language asks for it by GET.
  for (const form of ["copy", "delete"]) app.get(`${DATA_PATH}/${form}`, (c) => seeOther(c, DATA_PATH));

  app.get("/privacy/request", showRequest);
  app.post("/privacy/request", sendLink);
  app.get("/privacy/export", showExportLink);
  app.post("/privacy/export", exportByLink);
  app.get("/privacy/erasure", showErasureLink);
  app.post("/privacy/erasure", eraseByLink);
}
