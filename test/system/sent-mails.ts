/** What a served system has sent, as a mail program would read it. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import PostalMime, { type Email } from "postal-mime";
import type { TestSystem } from "./serve-system.ts";

export async function sentMails({ stateDirectory }: TestSystem, to: string): Promise<Email[]> {
  const files = globSync("outbox/*/*.eml", { cwd: stateDirectory }).sort();
  const mails = await Promise.all(files.map((file) => PostalMime.parse(readFileSync(join(stateDirectory, file)))));
  return mails.filter((mail) => mail.to?.some(({ address }) => address === to));
}
