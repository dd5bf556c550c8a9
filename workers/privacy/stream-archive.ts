/** The archive as one JSON document, a section of each service after the other, written while it is read: flat memory. */
import type { ArchiveRecord } from "../../durable-objects/privacy-run/contract.ts";
import { guarded } from "../shared/call-peer.ts";
import { isoTime } from "../shared/clock.ts";
import type { Env } from "./env.ts";
import { runOf } from "./requests.ts";
import type { PrivacyRequestRow } from "./schema.ts";

const POLICY = { service: "privacy-run", deadlineMs: 30_000, retries: 2 } as const;
export const ARCHIVE_FORMAT = "holdfast-personal-data/1";

export function streamArchive(env: Env, row: PrivacyRequestRow): Response {
  const texts = archiveTexts(readRecords(env, row.id), row);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await texts.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        controller.error(error);
      }
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "application/json",
      "content-disposition": 'attachment; filename="my-data.json"',
      "cache-control": "private, no-store",
    },
  });
}

async function* readRecords(env: Env, requestId: string): AsyncGenerator<ArchiveRecord> {
  let after: ArchiveRecord | null = null;
  for (;;) {
    const page: readonly ArchiveRecord[] = await guarded(POLICY, async () => {
      using records = await runOf(env, requestId).readArchive(after);
      return records.map((record) => ({ ...record }));
    });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last;
  }
}

/** Records come by service and section. Exported for its test. */
export async function* archiveTexts(
  records: AsyncIterable<ArchiveRecord> | Iterable<ArchiveRecord>,
  { id, createdAtMs }: Pick<PrivacyRequestRow, "id" | "createdAtMs">,
): AsyncGenerator<string, undefined> {
  yield `{"format":${JSON.stringify(ARCHIVE_FORMAT)},"request_id":${JSON.stringify(id)},"asked_at":"${isoTime(createdAtMs)}","services":{`;
  let service: string | null = null;
  let section: string | null = null;
  for await (const { service: nextService, section: nextSection, record } of records) {
    if (nextService !== service) {
      yield `${service === null ? "" : "]},"}${JSON.stringify(nextService)}:{${JSON.stringify(nextSection)}:[${record}`;
    } else if (nextSection !== section) yield `],${JSON.stringify(nextSection)}:[${record}`;
    else yield `,${record}`;
    service = nextService;
    section = nextSection;
  }
  yield `${service === null ? "" : "]}"}}}`;
}
