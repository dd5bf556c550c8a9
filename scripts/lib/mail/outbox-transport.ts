/**
 * Keeps mails as files that any mail program opens: `2026-11-21/071503512-<id>.eml`. Only the shop's user may read them, for
 * their links open accounts. Days that are too old are removed.
 */
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { err, ok } from "../../../workers/shared/result.ts";
import type { ComposedMail, MailTransport } from "./mail-transport.ts";

export const OUTBOX_DAYS_MAX = 14;
const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** @param now epoch milliseconds */
export function outboxTransport(directory: string, now: () => number): MailTransport {
  /** The day whose folder is made. */
  let openDay = "";
  async function folderOf(day: string): Promise<string> {
    const folder = join(directory, day);
    if (day === openDay) return folder;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeBefore(directory, dayOf(now() - OUTBOX_DAYS_MAX * DAY_MS));
    openDay = day;
    return folder;
  }
  async function write({ id, raw }: ComposedMail): Promise<void> {
    const at = new Date(now()).toISOString();
    const path = join(await folderOf(at.slice(0, 10)), `${at.slice(11, 23).replace(/\D/g, "")}-${id}`);
    // Written aside and renamed: nobody reads half a mail.
    await writeFile(`${path}.part`, raw, { mode: 0o600 });
    await rename(`${path}.part`, `${path}.eml`);
  }
  function notWritten(error: unknown) {
    // Somebody may have removed the folder: the next attempt makes it anew.
    openDay = "";
    return err({ code: "E_DELIVERY_FAILED", message: error instanceof Error ? error.message : String(error) });
  }
  const settled = (work: Promise<unknown>) => work.then(() => ok(undefined), notWritten);
  return {
    description: `${directory} (set SMTP_URL to send them)`,
    check: () => settled(folderOf(dayOf(now()))),
    deliver: (mail) => settled(write(mail)),
    close() {},
  };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

async function removeBefore(directory: string, oldest: string): Promise<void> {
  const days = (await readdir(directory)).filter((name) => DAY.test(name) && name < oldest);
  await Promise.all(days.map((day) => rm(join(directory, day), { recursive: true, force: true })));
}
