/** How operators ask for the recovery of an object over HTTP, and what they are told. Shapes and mapping; pure. */
import { z } from "@hono/zod-openapi";
import type { EpochMs } from "./clock.ts";
import { jsonBody, jsonContent, problemResponses } from "./http.ts";
import { IdempotencyKey } from "./idempotency.ts";
import type { ChangeNote } from "./privileged-act.ts";
import { type Problem, ProblemError } from "./problem.ts";
import type { Recovery, RecoveryError, RecoveryTarget } from "./recover-object.ts";
import type { Result } from "./result.ts";

/** https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/#pitr-point-in-time-recovery-api */
const HISTORY_DAYS = 30;
const DAY_MS = 86_400_000;
/** Four groups of hexadecimal digits today; only their alphabet and length are taken for granted. */
const BOOKMARK = /^[0-9A-Za-z-]{32,128}$/;

const RecoveryBody = z
  .strictObject({
    to: z.iso
      .datetime()
      .optional()
      .openapi({ description: `A time of the last ${HISTORY_DAYS} days.` }),
    bookmark: z
      .string()
      .regex(BOOKMARK, "must be a bookmark that a recovery has answered")
      .optional()
      .openapi({ description: "Instead of `to`: the `undo_bookmark` of an earlier recovery." }),
  })
  .refine(({ to, bookmark }) => (to === undefined) !== (bookmark === undefined), "needs either `to` or `bookmark`")
  .openapi("RecoveryRequest");

const RecoveryJson = z
  .strictObject({
    bookmark: z.string(),
    undo_bookmark: z.string().openapi({ description: "Recovers what was there before: write it down." }),
  })
  .openapi("Recovery");

/** Parts of the route that every recovery has in common. */
export const recoveryRoute = {
  method: "post" as const,
  tags: ["Admin: recovery"],
  description:
    "Its storage goes back to that time, and everything that it did since is lost: the other stores keep theirs. Read the runbook " +
    "`restore-database.md` first. Repeating it with the same `Idempotency-Key` gives the same answer; with another key it goes " +
    "back again. Local runs keep no history and answer 501.",
  request: {
    headers: z.object({ "idempotency-key": IdempotencyKey.optional().openapi({ param: { required: true } }) }),
    body: jsonBody(RecoveryBody),
  },
  responses: {
    200: jsonContent(RecoveryJson, "The object starts again with the storage of then"),
    ...problemResponses(400, 401, 403, 404, 409, 422, 501, 503),
  },
};

/** Whoever repeats it without knowing would lose what the object did since. @throws ProblemError 400 */
export function requireRecoveryKey(headers: { readonly "idempotency-key"?: string | undefined }): void {
  if (headers["idempotency-key"] !== undefined) return;
  throw new ProblemError({
    status: 400,
    code: "idempotency_key_required",
    detail: "Send an Idempotency-Key header, so that a repeated request does not go back once more.",
  });
}

/** @throws ProblemError 422 for a time that no history reaches */
export function recoveryTarget({ to, bookmark }: z.infer<typeof RecoveryBody>, nowMs: EpochMs): RecoveryTarget {
  if (bookmark !== undefined) return { bookmark };
  const toMs = Date.parse(to ?? "");
  if (toMs <= nowMs && toMs >= nowMs - HISTORY_DAYS * DAY_MS) return { toMs };
  throw new ProblemError({
    status: 422,
    code: "recovery_time_out_of_range",
    detail: `An object can go back to a time of the last ${HISTORY_DAYS} days, and not into the future.`,
  });
}

/** @throws ProblemError when it was refused */
export function recoveryJson(recovered: Result<Recovery, RecoveryError>): z.infer<typeof RecoveryJson> {
  if (!recovered.ok) throw new ProblemError(recoveryProblem(recovered.error));
  return { bookmark: recovered.value.bookmark, undo_bookmark: recovered.value.undoBookmark };
}

/** For the log: which of its times the object left, and which it is at now. */
export function recoveryChange({ bookmark, undo_bookmark }: z.infer<typeof RecoveryJson>): ChangeNote {
  return { before: { bookmark: undo_bookmark }, after: { bookmark } };
}

function recoveryProblem(error: RecoveryError): Problem {
  switch (error.code) {
    case "recovery_unavailable":
      return {
        status: 501,
        code: error.code,
        detail: "This platform keeps no history of objects: local runs do not. Nothing was changed.",
      };
    case "recovery_refused":
      return { status: 409, code: error.code, detail: `The platform refused it, nothing was changed: ${error.message}` };
  }
}
