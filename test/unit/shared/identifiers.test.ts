/** Ids: what is none is refused where it arrives, however much it looks like one. */
import { describe, expect, it } from "vitest";
import { createdAtMsOf, idSchema, newId, partitionOf } from "../../../workers/shared/identifiers.ts";

/** The letters of a TypeID, but no UUID has this variant. */
const NO_UUID = "ord_7zzzzzzzzz0008000000000000";

describe("an id", () => {
  it("says when it was made, and where its thing lives", () => {
    const id = newId("ord", 1_700_000_000_000, { region: 3, number: 7 });
    expect(idSchema("ord").parse(id)).toBe(id);
    expect(partitionOf(id)).toEqual({ region: 3, number: 7 });
    expect(createdAtMsOf(id)).toBe(1_700_000_000_000);
  });

  it.each([NO_UUID, "cart_01h455vb4pex5vsknk084sn02q", "ord_01h455", "ord_91h455vb4pex5vsknk084sn02q", ""])(
    "%j is none, and is refused instead of breaking what reads it",
    (text) => {
      expect(idSchema("ord").safeParse(text).success).toBe(false);
      expect(partitionOf(NO_UUID)).toBeUndefined();
      expect(createdAtMsOf(NO_UUID)).toBeUndefined();
    },
  );
});
