/**
 * TypeIDs (`ord_…`: prefix + base32 UUIDv7) whose 12 `rand_a` bits say which partition owns the thing:
 * 4 bits region, 8 bits number. No lookup table, and 62 random bits remain. Pure but for the random source.
 * Format: https://github.com/jetify-com/typeid/tree/main/spec, RFC 9562 §5.7.
 */

import { fromUUIDBytes, type TypeId, toUUID } from "typeid-js";
import * as z from "zod";

/** Where a thing lives: `region` 0–15, `number` 0–255. */
export interface Partition {
  readonly region: number;
  readonly number: number;
}

/** Object name and event source of a partition: `3-7`. */
export type PartitionName = string;

export const HOME_PARTITION: Partition = { region: 0, number: 0 };

const SUFFIX = "[0-7][0-9a-hjkmnp-tv-z]{25}";
const TYPE_ID = new RegExp(`^[a-z_]{1,63}_${SUFFIX}$`);
/** The high bits of a UUIDv7's seventh and ninth byte (RFC 9562 §5.7). */
const VERSION_7 = 0x70;
const VARIANT = 0x80;

/** A schema that accepts TypeIDs of one prefix: the letters alone do not make one, they must be a UUID's. */
export function idSchema(prefix: string): z.ZodString {
  const message = `must be an id such as ${prefix}_01h455vb4pex5vsknk084sn02q`;
  return z
    .string()
    .regex(new RegExp(`^${prefix}_${SUFFIX}$`), { error: message, abort: true })
    .refine((id) => uuidOf(id) !== undefined, message);
}

/** A new id, unique and sortable by time, that carries its partition. */
export function newId(prefix: string, nowMs: number, partition: Partition = HOME_PARTITION): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const uuid = new DataView(bytes.buffer);
  uuid.setUint32(0, Math.floor(nowMs / 0x1_0000));
  uuid.setUint16(4, nowMs % 0x1_0000);
  uuid.setUint8(6, VERSION_7 | (partition.region & 0x0f));
  uuid.setUint8(7, partition.number);
  uuid.setUint8(8, VARIANT | (uuid.getUint8(8) & 0x3f));
  return fromUUIDBytes(prefix, bytes);
}

/** The partition inside an id; undefined when the text is not a TypeID. */
export function partitionOf(id: string): Partition | undefined {
  const uuid = uuidOf(id);
  if (uuid === undefined) return undefined;
  return { region: Number.parseInt(uuid.slice(15, 16), 16), number: Number.parseInt(uuid.slice(16, 18), 16) };
}

/** When the id was made, epoch milliseconds; undefined when the text is not a TypeID. */
export function createdAtMsOf(id: string): number | undefined {
  const uuid = uuidOf(id);
  return uuid === undefined ? undefined : Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}

export function partitionName(partition: Partition): PartitionName {
  return `${partition.region}-${partition.number}`;
}

export const PartitionName = z.string().regex(/^(\d|1[0-5])-(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])$/);

export function parsePartitionName(name: PartitionName): Partition {
  const [region, number] = PartitionName.parse(name).split("-");
  return { region: Number(region), number: Number(number) };
}

function uuidOf(id: string): string | undefined {
  if (!TYPE_ID.test(id)) return undefined;
  try {
    return toUUID(id as TypeId<string>);
  } catch {
    // Letters that no UUID has: its version or variant does not exist.
    return undefined;
  }
}
