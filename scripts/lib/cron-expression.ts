/**
 * Five-field cron expressions as Cloudflare's triggers read them, in UTC: `*`, numbers, names, ranges, steps and lists. Days
 * of the week count from 1 = Sunday. https://developers.cloudflare.com/workers/configuration/cron-triggers/ Pure.
 */

/** The values that match, by field. */
export interface CronExpression {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly daysOfWeek: ReadonlySet<number>;
  /** When both kinds of day are restricted, either is enough. */
  readonly eitherDay: boolean;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on. */
  readonly names?: readonly string[];
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const FIELDS = {
  minutes: { name: "minute", min: 0, max: 59 },
  hours: { name: "hour", min: 0, max: 23 },
  daysOfMonth: { name: "day of the month", min: 1, max: 31 },
  months: { name: "month", min: 1, max: 12, names: MONTHS },
  daysOfWeek: { name: "day of the week", min: 1, max: 7, names: WEEKDAYS },
} as const satisfies Record<string, Field>;

/** @throws when it is none, naming the field. Last, nearest and nth days (`L`, `W`, `#`) are not read here. */
export function parseCron(expression: string): CronExpression {
  const parts = expression.trim().split(/\s+/);
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = parts;
  if (parts.length !== 5 || minutes === undefined || hours === undefined || daysOfMonth === undefined) throw refusal(expression);
  if (months === undefined || daysOfWeek === undefined) throw refusal(expression);
  return {
    minutes: parseField(minutes, FIELDS.minutes, expression),
    hours: parseField(hours, FIELDS.hours, expression),
    daysOfMonth: parseField(daysOfMonth, FIELDS.daysOfMonth, expression),
    months: parseField(months, FIELDS.months, expression),
    daysOfWeek: parseField(daysOfWeek, FIELDS.daysOfWeek, expression),
    eitherDay: daysOfMonth !== "*" && daysOfWeek !== "*",
  };
}

/** Whether the minute that begins at, or contains, `atMs` is one of the expression's. */
export function matchesCron(cron: CronExpression, atMs: number): boolean {
  const at = new Date(atMs);
  const ofMonth = cron.daysOfMonth.has(at.getUTCDate());
  const ofWeek = cron.daysOfWeek.has(at.getUTCDay() + 1);
  return (
    cron.minutes.has(at.getUTCMinutes()) &&
    cron.hours.has(at.getUTCHours()) &&
    cron.months.has(at.getUTCMonth() + 1) &&
    (cron.eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek)
  );
}

function parseField(text: string, field: Field, expression: string): ReadonlySet<number> {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const [range = "", stepText] = item.split("/", 2);
    const step = stepText === undefined ? 1 : Number(stepText);
    const [from, to] = rangeOf(range, stepText !== undefined, field);
    const sound = Number.isInteger(step) && step >= 1 && from >= field.min && to <= field.max && from <= to;
    if (!sound || stepText === "") throw refusal(expression, `"${item}" is no ${field.name}`);
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

/** `3/5` means from 3 on, every 5. Not a number: refused by the caller's comparison. */
function rangeOf(range: string, stepped: boolean, field: Field): readonly [from: number, to: number] {
  if (range === "*") return [field.min, field.max];
  const [from = "", to] = range.split("-", 2);
  const first = numberOf(from, field);
  if (to !== undefined) return [first, numberOf(to, field)];
  return [first, stepped ? field.max : first];
}

function numberOf(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return field.min + named;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function refusal(expression: string, reason = "it needs five fields"): Error {
  return new Error(`"${expression}" is no cron expression that can be run here: ${reason}.`);
}
