/** The cursor guard on a real D1: cursor and effect commit together or not at all. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import {
  applyWithCursor,
  applyWithCursors,
  CursorMovedError,
  readCursor,
  readCursors,
} from "../../../workers/shared/d1-follower.ts";

const { DATABASE: db } = env as unknown as { readonly DATABASE: D1Database };

const effect = (source: string) => db.prepare("INSERT INTO effects (source) VALUES (?)").bind(source);
const effectCount = async () => (await db.prepare("SELECT COUNT(*) AS n FROM effects").first<{ n: number }>())?.n;

describe("a follower's cursor in D1", () => {
  beforeEach(async () => {
    await db.exec("DELETE FROM follower_cursors");
    await db.exec("DROP TABLE IF EXISTS effects");
    await db.exec("CREATE TABLE effects (source TEXT NOT NULL)");
  });

  it("starts at 0 and moves with the effect", async () => {
    expect(await readCursor(db, "/a")).toBe(0);
    await applyWithCursor(db, "/a", 0, 3, [effect("/a")]);
    expect(await readCursor(db, "/a")).toBe(3);
    expect(await effectCount()).toBe(1);
  });

  it("refuses a stale move and takes the effect back", async () => {
    await applyWithCursor(db, "/a", 0, 3, [effect("/a")]);
    await expect(applyWithCursor(db, "/a", 0, 2, [effect("/a")])).rejects.toBeInstanceOf(CursorMovedError);
    await expect(applyWithCursor(db, "/a", 4, 5, [effect("/a")])).rejects.toBeInstanceOf(CursorMovedError);
    expect(await readCursor(db, "/a")).toBe(3);
    expect(await effectCount()).toBe(1);
  });

  it("moves many sources together, or none when one of them is stale", async () => {
    await applyWithCursor(db, "/b", 0, 1, []);
    const moves = (expectedOfB: number) => [
      { source: "/a", expectedSequence: 0, nextSequence: 2 },
      { source: "/b", expectedSequence: expectedOfB, nextSequence: 4 },
    ];
    await expect(applyWithCursors(db, moves(0), [effect("/a"), effect("/b")])).rejects.toBeInstanceOf(CursorMovedError);
    expect(await readCursors(db, ["/a", "/b"])).toEqual(new Map([["/b", 1]]));
    await applyWithCursors(db, moves(1), [effect("/a"), effect("/b")]);
    expect(await readCursors(db, ["/a", "/b", "/c"])).toEqual(
      new Map([
        ["/a", 2],
        ["/b", 4],
      ]),
    );
    expect(await effectCount()).toBe(2);
  });

  it("lets one of two racing consumers win, and keeps the other's error when the effect itself is broken", async () => {
    const outcomes = await Promise.allSettled([1, 2].map(() => applyWithCursor(db, "/a", 0, 1, [effect("/a")])));
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await effectCount()).toBe(1);
    const broken = applyWithCursor(db, "/a", 1, 2, [db.prepare("INSERT INTO effects (source) VALUES (NULL)")]);
    await expect(broken).rejects.not.toBeInstanceOf(CursorMovedError);
    expect(await readCursor(db, "/a")).toBe(1);
  });
});
