/** A request's run with owners that fail, repeat and refuse: it ends with every part asked once, whatever came between. */
import { describe, expect, it } from "vitest";
import { OWNERS, type PersonalDataOwners } from "../../../durable-objects/privacy-run/env.ts";
import {
  delayMs,
  failed,
  firstPart,
  newRun,
  OPEN_ORDER_WAIT_MS,
  ordersPart,
  type PrivacyRunState,
  viewOf,
} from "../../../durable-objects/privacy-run/run-state.ts";
import { RunStore } from "../../../durable-objects/privacy-run/run-store.ts";
import { takeStep } from "../../../durable-objects/privacy-run/take-step.ts";
import type { RequestKind } from "../../../workers/privacy/contract.ts";
import { archiveTexts } from "../../../workers/privacy/stream-archive.ts";
import type { ErasedPage, OpenOrder, Person, PersonPage } from "../../../workers/shared/privacy.ts";
import { sqliteStorage } from "../audit/sqlite-storage.ts";

const PERSON = { customerId: "cus_1", emails: ["ada@example.com"], messageIds: ["msg_1"] };
const CONTEXT = { requestId: "request-1", traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00" };
const PAGES: readonly (readonly string[])[] = [["ord_1", "ord_2"], ["ord_3"]];

interface World {
  readonly calls: string[];
  /** How often a call fails: the second time with its retry, so that the step is lost. */
  readonly broken: Map<string, number>;
  open: readonly OpenOrder[];
}

function ownersOf(world: World): PersonalDataOwners {
  const called = (call: string) => {
    const failures = world.broken.get(call) ?? 0;
    world.broken.set(call, failures - 1);
    if (failures > 0) throw new Error(`${call} is away`);
    world.calls.push(call);
  };
  const owner = (name: string) => ({
    async exportPerson(person: Person, cursor: string | null): Promise<PersonPage> {
      called(`${name} export ${person.orderIds.join(",") || "person"} ${cursor ?? ""}`.trim());
      const records = [{ of: name, orders: person.orderIds, cursor }];
      return { sections: [{ name: "Things", records }], next: name === "PAYMENTS" && cursor === null ? "more" : null };
    },
    async erasePerson(person: Person): Promise<ErasedPage> {
      called(`${name} erase ${person.orderIds.join(",") || "person"}`);
      const open = name === "ORDERS" ? world.open.filter(({ orderId }) => person.orderIds.includes(orderId)) : [];
      return { erased: { things: 1 }, open, next: null };
    },
    async catchUp() {
      called(`${name} catchUp`);
      return 0;
    },
    async closeAccount() {
      called(`${name} closeAccount`);
      return true;
    },
    async findPersonOrders(_customerId: string | null, _emails: readonly string[], after: string) {
      const page = after === "" ? 0 : 1;
      called(`${name} find ${page}`);
      return { orderIds: PAGES[page] ?? [], next: page === 0 ? "ord_2" : null };
    },
  });
  return Object.fromEntries(OWNERS.map((name) => [name, owner(name)])) as unknown as PersonalDataOwners;
}

function begin(kind: RequestKind) {
  const store = new RunStore(sqliteStorage());
  const command = { requestId: "prv_1", kind, person: PERSON, orderIds: [] };
  store.writeRun(newRun(command, CONTEXT));
  store.setParts([firstPart(PERSON)]);
  const world: World = { calls: [], broken: new Map(), open: [] };
  return { store, world, owners: ownersOf(world) };
}

/** As the object does: a step that fails is counted, and taken again from what is stored. */
async function advance({ store, owners }: ReturnType<typeof begin>, stepsMax = 200): Promise<PrivacyRunState> {
  for (let step = 0; step < stepsMax; step++) {
    const run = store.readRun();
    if (run === undefined || run.state !== "running" || run.step.kind === "close") break;
    try {
      const write = await takeStep(store, owners, run);
      store.transaction(() => store.writeRun(write()));
    } catch {
      store.writeRun(failed(run));
    }
  }
  const run = store.readRun();
  if (run === undefined) throw new Error("the run is gone");
  return run;
}

const ERASURE = [
  "IDENTITY closeAccount",
  "ORDERS catchUp",
  "NOTIFICATIONS catchUp",
  "ORDERS find 0",
  "ORDERS find 1",
  ...OWNERS.flatMap((owner) => [`${owner} erase person`, `${owner} erase ord_1,ord_2`, `${owner} erase ord_3`]),
];

describe("an erasure", () => {
  it("closes the account first, asks every owner about every part, and identity last", async () => {
    const request = begin("erasure");
    const run = await advance(request);
    expect(request.world.calls).toEqual(ERASURE);
    expect(run).toMatchObject({ state: "running", step: { kind: "close" }, erased: { things: 18 } });
  });

  it("that fails at any question goes on from there, and asks nothing that was answered again", async () => {
    for (const question of ERASURE) {
      const request = begin("erasure");
      request.world.broken.set(question, 3);
      const run = await advance(request);
      expect(run.step.kind, question).toBe("close");
      const asked = request.world.calls.filter((call) => !/catchUp|closeAccount/.test(call));
      expect(asked, question).toEqual(ERASURE.slice(3));
    }
  });

  it("waits for an order that is not over before anybody else is asked, and finishes once it is", async () => {
    const request = begin("erasure");
    request.world.open = [{ orderId: "ord_3", number: "1", status: "placed" }];
    const waiting = await advance(request);
    expect(viewOf(waiting)).toMatchObject({ state: "waiting", open: [{ orderId: "ord_3" }] });
    expect(delayMs(waiting)).toBe(OPEN_ORDER_WAIT_MS);
    expect(request.world.calls.filter((call) => call.includes("erase") && !call.startsWith("ORDERS"))).toEqual([]);

    request.world.open = [];
    request.store.writeRun({ ...waiting, state: "running" });
    const run = await advance(request);
    expect(run).toMatchObject({ step: { kind: "close" }, open: [] });
    expect(request.store.countParts()).toBe(3);
  });

  it("never gives up, with delays that stay bounded; an export does", () => {
    const [erasure, collecting] = (["erasure", "export"] as const).map((kind) =>
      Array.from({ length: 40 }).reduce<PrivacyRunState>(
        (run) => failed(run),
        newRun({ requestId: "prv_1", kind, person: PERSON, orderIds: [] }, CONTEXT),
      ),
    );
    expect(erasure?.state).toBe("running");
    expect(delayMs(erasure as PrivacyRunState)).toBeLessThanOrEqual(600_000);
    expect(collecting?.state).toBe("failed");
  });
});

describe("an export", () => {
  it("puts every record of every page into one well-formed document, however often it broke off", async () => {
    const request = begin("export");
    for (const call of ["ORDERS find 1", "PAYMENTS export person more", "IDENTITY export ord_3"])
      request.world.broken.set(call, 3);
    await advance(request);
    const records = request.store.readArchive({ service: "", section: "", number: 0 });
    let text = "";
    for await (const part of archiveTexts(records, { id: "prv_1", createdAtMs: 0 })) text += part;
    const archive = JSON.parse(text) as { services: Record<string, Record<string, { orders: string[] }[]>> };
    expect(Object.keys(archive.services)).toHaveLength(OWNERS.length);
    expect(archive.services["payments"]?.["Things"]).toHaveLength(6);
    expect(archive.services["orders"]?.["Things"]?.flatMap(({ orders }) => orders)).toEqual(["ord_1", "ord_2", "ord_3"]);
  });

  it("of somebody of whom nothing is known is an empty document", async () => {
    let text = "";
    for await (const part of archiveTexts([], { id: "prv_1", createdAtMs: 0 })) text += part;
    expect(JSON.parse(text)).toMatchObject({ services: {} });
  });
});

describe("a guest's order", () => {
  it("is the only part, and stays it when the run begins again", async () => {
    const request = begin("erasure");
    const nobody = { customerId: null, emails: [], messageIds: [] };
    request.store.writeRun(newRun({ requestId: "prv_1", kind: "erasure", person: nobody, orderIds: ["ord_9"] }, CONTEXT));
    request.store.setParts([firstPart(nobody), ordersPart(["ord_9"])]);
    await advance(request, 1);
    await advance(request);
    expect(request.world.calls).toContain("ORDERS erase ord_9");
    expect(request.world.calls.some((call) => /find|closeAccount/.test(call))).toBe(false);
  });
});
