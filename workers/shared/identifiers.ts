/**
 * TypeIDs (`ord_…`: prefix + base32 UUIDv7) whose 12 `rand_a` bits say which partition owns the thing:
 * 4 bits region, 8 bits number. No lookup table, and 62 random bits remain. Pure but for the random source.
 * Format: https://github.com/jetify-com/typeid/tree/main/spec, RFC 9562 §5.7.
 */

import { fromUUIDBytes, type TypeId, toUUIDBytes } from "typeid-js";
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
/** The high bits of a UUIDv7's seventh and ninth byte. */
const VERSION_7 = 0x70;
const VARIANT = 0x80;
const VARIANT_MASK = 0xc0;

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
  uuid.setUint8(8, VARIANT | (uuid.getUint8(8) & ~VARIANT_MASK));
  return fromUUIDBytes(prefix, bytes);
}

/** The partition inside an id; undefined when the text is not a TypeID. */
export function partitionOf(id: string): Partition | undefined {
  const uuid = uuidOf(id);
  return uuid && { region: uuid.getUint8(6) & 0x0f, number: uuid.getUint8(7) };
}

/** When the id was made, epoch milliseconds; undefined when the text is not a TypeID. */
export function createdAtMsOf(id: string): number | undefined {
  const uuid = uuidOf(id);
  return uuid && uuid.getUint32(0) * 0x1_0000 + uuid.getUint16(4);
}

export function partitionName(partition: Partition): PartitionName {
  return `${partition.region}-${partition.number}`;
}

export const PartitionName = z.string().regex(/^(\d|1[0-5])-(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])$/);

export function parsePartitionName(name: PartitionName): Partition {
  const [region, number] = PartitionName.parse(name).split("-");
  return { region: Number(region), number: Number(number) };
}

/** Undefined also for letters that are no UUID of version 7: all of ours are. */
function uuidOf(id: string): DataView | undefined {
  if (!TYPE_ID.test(id)) return undefined;
  const uuid = new DataView(toUUIDBytes(id as TypeId<string>).buffer);
  const isVersion7 = (uuid.getUint8(6) & 0xf0) === VERSION_7;
  return isVersion7 && (uuid.getUint8(8) & VARIANT_MASK) === VARIANT ? uuid : undefined;
}
