/** What every way out of the machine is to the mail carrier, and why a mail did not take it. */
import type { Result } from "../../../workers/shared/result.ts";

/** A finished message (RFC 5322) and whom it goes to. */
export interface ComposedMail {
  /** Hex digits; the same for every attempt at the same message. */
  readonly id: string;
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

/** The codes are the platform's: its callers tell by them whether another attempt helps. */
export interface MailRefusal {
  readonly code: PermanentRefusal | "E_SENDER_NOT_VERIFIED" | "E_DELIVERY_FAILED";
  /** For operators; holds no credential. */
  readonly message: string;
}

/** What another attempt will not change. */
type PermanentRefusal = "E_VALIDATION_ERROR" | "E_HEADER_NOT_ALLOWED" | "E_CONTENT_TOO_LARGE" | "E_RECIPIENT_NOT_ALLOWED";

export interface MailTransport {
  /** Where mails go, for people; holds no credential. */
  readonly description: string;
  /** Asks whether mails would go now, without sending one. */
  check(): Promise<Result<undefined, MailRefusal>>;
  deliver(mail: ComposedMail): Promise<Result<undefined, MailRefusal>>;
  close(): void;
}
