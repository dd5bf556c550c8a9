/**
 * Dead letters that name a person: by the id of an order, of the account or of one of its mails, or by an address that somebody
 * put into a queue by hand. There are few letters and they are kept for ninety days, so all of them are looked through.
 */
import { isoTime } from "../../workers/shared/clock.ts";
import { type ErasedPage, erasedOf, type Person, type PersonPage, pageOf } from "../../workers/shared/privacy.ts";

/** Letters in one answer: a body may have 100 kB. */
const LETTERS_PER_PAGE = 20;

const NAMES_PERSON = "EXISTS (SELECT 1 FROM json_each(?1) AS word WHERE instr(lower(body), word.value) > 0)";

interface LetterRow {
  readonly id: string;
  readonly queue: string;
  readonly body: string;
  readonly diedAtMs: number;
}

function wordsOf({ customerId, emails, orderIds, messageIds }: Person): string {
  const words = [...(customerId === null ? [] : [customerId]), ...emails, ...orderIds, ...messageIds];
  return JSON.stringify(words.map((word) => word.toLowerCase()));
}

export async function exportPerson(database: D1Database, person: Person, cursor: string | null): Promise<PersonPage> {
  const { results } = await database
    .prepare(
      `SELECT id, queue, body, died_at_ms AS diedAtMs FROM dead_letters
       WHERE id > ?2 AND ${NAMES_PERSON} ORDER BY id LIMIT ${LETTERS_PER_PAGE}`,
    )
    .bind(wordsOf(person), cursor ?? "")
    .all<LetterRow>();
  const records = results.map((row) => ({
    id: row.id,
    queue: row.queue,
    died_at: isoTime(row.diedAtMs),
    message: JSON.parse(row.body) as unknown,
  }));
  const last = results.length === LETTERS_PER_PAGE ? (results.at(-1)?.id ?? null) : null;
  return pageOf([{ name: "Messages between services that could not be processed", records }], last);
}

/** Their deaths go with them. Nothing is lost: what a letter says is in the log that it came from. */
export async function erasePerson(database: D1Database, person: Person): Promise<ErasedPage> {
  const { results } = await database
    .prepare(`DELETE FROM dead_letters WHERE ${NAMES_PERSON} RETURNING id`)
    .bind(wordsOf(person))
    .all();
  return erasedOf({ dead_letters: results.length });
}
