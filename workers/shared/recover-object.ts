/**
 * Point-in-time recovery of an object: its storage goes back to an earlier time when it starts next, so it is started anew at
 * once. Only code inside the object can ask for it, and the restored storage does not know that it was restored: never do
 * this in a constructor or an alarm.
 * https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/#pitr-point-in-time-recovery-api
 */
import type { EpochMs } from "./clock.ts";
import { err, ok, type Result } from "./result.ts";

/** A time, or the bookmark that undoes an earlier recovery. */
export type RecoveryTarget = { readonly toMs: EpochMs } | { readonly bookmark: string };

export interface Recovery {
  /** Where the storage goes back to. */
  readonly bookmark: string;
  /** Where it stood: recovering to it undoes this. */
  readonly undoBookmark: string;
}

export type RecoveryError =
  /** The storage keeps no history: local runs. */
  | { readonly code: "recovery_unavailable" }
  /** The platform does not take the time or the bookmark. */
  | { readonly code: "recovery_refused"; readonly message: string };

/** The part of an object's storage that knows its history. */
export type History = Pick<DurableObjectStorage, "getBookmarkForTime" | "onNextSessionRestoreBookmark">;

/** What an object offers that can be recovered. */
export interface RecoverableObject {
  planRecovery(target: RecoveryTarget): Promise<Result<Recovery, RecoveryError>>;
  /** The call ends in an error: the object is gone, and starts again when it is called next. */
  restart(): Promise<void>;
}

/** Inside the object. What it does from here to its next start is lost. */
export async function planRecovery(history: History, target: RecoveryTarget): Promise<Result<Recovery, RecoveryError>> {
  try {
    const bookmark = "bookmark" in target ? target.bookmark : await history.getBookmarkForTime(target.toMs);
    return ok({ bookmark, undoBookmark: await history.onNextSessionRestoreBookmark(bookmark) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return err(NOT_IMPLEMENTED.test(message) ? { code: "recovery_unavailable" } : { code: "recovery_refused", message });
  }
}

/** What workerd's local storage says. */
const NOT_IMPLEMENTED = /does not implement point-in-time recovery/;

/** @param object a new stub each time: one stays broken after an error */
export async function recoverObject(
  object: () => RecoverableObject,
  target: RecoveryTarget,
): Promise<Result<Recovery, RecoveryError>> {
  const planned = await object().planRecovery(target);
  if (!planned.ok) return { ok: false, error: { ...planned.error } };
  const recovery = { ...planned.value };
  await object()
    .restart()
    .catch(() => undefined);
  return ok(recovery);
}
