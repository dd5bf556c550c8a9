/** The RPC between the privacy worker and the run of one request. */
import type { KnownPerson } from "../../workers/identity/contract.ts";
import type { RequestKind, RequestState } from "../../workers/privacy/contract.ts";
import type { OpenOrder } from "../../workers/shared/privacy.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";

/** An archive is a copy of everything: it lives no longer than a person needs to fetch it. */
export const ARCHIVE_LIFETIME_MS = 24 * 60 * 60 * 1000;

export interface RunCommand {
  readonly requestId: string;
  readonly kind: RequestKind;
  readonly person: KnownPerson;
  /** Orders that are known from the start: a guest's, by its token. */
  readonly orderIds: readonly string[];
}

export interface PrivacyRunView {
  readonly requestId: string;
  readonly kind: RequestKind;
  readonly state: RequestState;
  /** What is being done: a service's name, or a step before. */
  readonly phase: string;
  /** Services that have answered whole, and how many there are. */
  readonly done: number;
  readonly of: number;
  readonly erased: Readonly<Record<string, number>>;
  /** What an erasure waits for. */
  readonly open: readonly OpenOrder[];
}

/** One record of an archive, as JSON text. */
export interface ArchiveRecord {
  readonly service: string;
  readonly section: string;
  readonly number: number;
  readonly record: string;
}

export interface PrivacyRunApi {
  /** Idempotent: a run that was begun before goes on. */
  start(command: RunCommand, context: CallContext): Promise<PrivacyRunView>;
  /** Null: nothing is known of it any more. */
  view(): Promise<PrivacyRunView | null>;
  /** The records after a place, by service and section; empty at the end. */
  readArchive(after: Pick<ArchiveRecord, "service" | "section" | "number"> | null): Promise<readonly ArchiveRecord[]>;
  /** Removes the archive at once. */
  discard(): Promise<void>;
}
