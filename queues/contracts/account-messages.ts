/** Identity has a mail to send. The message names it; who it goes to and what it says is asked of identity when it is sent. */
import * as z from "zod";
import { idSchema } from "../../workers/shared/identifiers.ts";

export const AccountMessageWakeUp = z.strictObject({ messageId: idSchema("msg") });
export type AccountMessageWakeUp = z.infer<typeof AccountMessageWakeUp>;
