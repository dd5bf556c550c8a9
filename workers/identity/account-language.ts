/** In which language an account is written to: the one that its owner last signed in with. */
import { eq } from "drizzle-orm";
import type { ServiceContext } from "../shared/http.ts";
import { type Locale, preferredLocale } from "../shared/locales.ts";
import type { Database, Env } from "./env.ts";
import { type CustomerRow, customers } from "./schema.ts";

/** Of a caller of the API; undefined when they ask for none that the shop knows: then the account keeps its own. */
export function languageOf(c: ServiceContext<Env>): Locale | undefined {
  return preferredLocale(c.req.header("accept-language"));
}

/** After a sign-in that succeeded: nobody else chooses in which language an owner is warned. */
export async function learnLanguage(database: Database, customer: CustomerRow, language: Locale | undefined): Promise<void> {
  if (language === undefined || language === customer.language) return;
  await database.update(customers).set({ language }).where(eq(customers.id, customer.id));
}
