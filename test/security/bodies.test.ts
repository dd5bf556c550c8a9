/** What bodies may not say: no field that is nobody's to set, no id of somebody else, no number that is none. Generated. */
import { beforeAll, describe, expect, inject, it } from "vitest";
import { pooled } from "../system/pooled.ts";
import { type ApiDocument, type DescribedOperation, operations, resolve } from "../system/published-api.ts";
import { API, RULES } from "./access-table.ts";
import { bodies, nameOf, type Reply, send, takesJson } from "./requests.ts";
import { type Headers, type Scene, setScene, stateOf, withBearer } from "./scene.ts";

const attacked = inject("attacked");
/** The provider's to shape, and of no effect without its signature; and a client's metadata, of which RFC 7591 ignores the rest. */
const OPEN_BODIES = ["POST /v1/webhooks/stripe", "POST /oauth/register"];
let document: ApiDocument;
let scene: Scene;

beforeAll(async () => {
  const [published, set] = await Promise.all([fetch(`${attacked.url}/openapi.json`), setScene(attacked)]);
  document = (await published.json()) as ApiDocument;
  scene = set;
});

function targets(): DescribedOperation[] {
  return operations(document).filter((target) => takesJson(target) && !OPEN_BODIES.includes(nameOf(target)));
}

/** Whoever may do it: the refusal is about the body then. */
function rightful(target: DescribedOperation): Headers {
  const rule = API.find(([, routes]) => routes.includes(nameOf(target)))?.[0] ?? "public";
  if (!(rule in RULES)) return withBearer(attacked.adminKey);
  if (rule === "public") return {};
  return { ...withBearer(scene.victim.bearer), "cart-token": scene.victim.cart.token, "order-token": scene.victim.orderToken };
}

type Schema = Readonly<Record<string, unknown>>;

/** Every object that a schema describes, at whatever depth. */
function objectsOf(schema: Schema, seen: readonly unknown[] = []): Schema[] {
  const found = resolve(document, schema as { $ref?: string }) as Schema;
  if (seen.includes(found)) return [];
  const inner = ["anyOf", "oneOf", "allOf"].flatMap((key) => (found[key] as Schema[] | undefined) ?? []);
  const parts = [...inner, ...Object.values((found["properties"] as Record<string, Schema> | undefined) ?? {})];
  if (typeof found["items"] === "object") parts.push(found["items"] as Schema);
  const below = parts.flatMap((part) => objectsOf(part, [...seen, found]));
  return found["properties"] === undefined ? below : [found, ...below];
}

type Plain = Readonly<Record<string, unknown>>;

/** The value with each of its objects in turn replaced by what `change` makes of it; undefined leaves one as it is. */
function changed(value: unknown, change: (object: Plain) => Plain | undefined): unknown[] {
  if (Array.isArray(value)) return value.flatMap((entry, at) => changed(entry, change).map((each) => value.with(at, each)));
  if (value === null || typeof value !== "object") return [];
  const object = value as Plain;
  const here = change(object);
  const below = Object.entries(object).flatMap(([key, entry]) =>
    changed(entry, change).map((each) => ({ ...object, [key]: each })),
  );
  return here === undefined ? below : [here, ...below];
}

interface Spoiled {
  /** Where it is wrong. */
  readonly field: string;
  readonly body: unknown;
}

/** Sends each spoiled body as whoever may. @returns what was not refused for the field that is wrong. */
async function accepted(spoil: (sample: unknown) => readonly Spoiled[]): Promise<string[]> {
  const samples = bodies(scene);
  const attempts = targets().flatMap((target) => spoil(samples[nameOf(target)]).map((spoiled) => ({ target, ...spoiled })));
  expect(attempts.length).toBeGreaterThan(50);
  const wrong = await pooled(attempts, async ({ target, field, body }) => {
    const reply = await send(attacked.url, document, target, scene, rightful(target), body);
    const said = `${nameOf(target)} ${JSON.stringify(body)} → ${reply.status} ${reply.text.slice(0, 200)}`;
    return isRefusedFor(field, reply) ? undefined : said;
  });
  return wrong.filter((found) => found !== undefined);
}

function isRefusedFor(field: string, { status, text }: Reply): boolean {
  if (status !== 422) return false;
  const { errors = [] } = JSON.parse(text) as { errors?: readonly { path: string }[] };
  return errors.some(({ path }) => path.split(".").includes(field));
}

/** What shops have let themselves be told. Objects that have such a field of their own are tried with the others. */
const PRIVILEGES: Readonly<Record<string, unknown>> = {
  price: 1,
  unit_price: { amount_minor: 1, currency: "GBP" },
  total: 0,
  totals: {},
  discount: 100,
  currency: "JPY",
  status: "placed",
  state: "open",
  role: "owner",
  roles: ["owner"],
  scope: "*",
  scopes: ["*"],
  is_admin: true,
  admin: true,
  kind: "operator",
  email_confirmed: true,
  password_hash: "x",
  created_at: "2020-01-01T00:00:00Z",
  payment: { status: "captured" },
};

describe("a body", () => {
  it("has a right example for every operation that takes JSON", () => {
    expect(
      targets()
        .map(nameOf)
        .filter((name) => bodies(scene)[name] === undefined),
    ).toEqual([]);
  });

  it("is published as closed, every object in it: there is no field that nobody has named", () => {
    const open = targets().filter(({ operation }) => {
      const schema = operation.requestBody?.content["application/json"]?.schema ?? {};
      const objects = objectsOf(schema);
      return objects.length === 0 || objects.some((object) => object["additionalProperties"] !== false);
    });
    expect(open.map(nameOf)).toEqual([]);
  });

  it("that sets a price, a total, a role, a status, a scope or an owner is refused by that field's name (mass assignment)", async () => {
    const before = await stateOf(scene);
    const fields = { ...PRIVILEGES, customer_id: scene.other.customerId, user_id: scene.other.customerId };
    const found = await accepted((sample) =>
      Object.entries(fields).flatMap(([field, value]) =>
        changed(sample, (object) => (field in object ? undefined : { ...object, [field]: value })).map((body) => ({
          field,
          body,
        })),
      ),
    );
    expect(found).toEqual([]);
    expect(await stateOf(scene)).toEqual(before);
  });

  it('with −1, 0.5, 1e308, 2^53, "1" or nothing where a number belongs is refused by that field\'s name', async () => {
    const before = await stateOf(scene);
    const found = await accepted((sample) =>
      WRONG_NUMBERS.flatMap((wrong) =>
        numbersIn(sample).flatMap((field) =>
          changed(sample, (object) => (typeof object[field] === "number" ? { ...object, [field]: wrong } : undefined))
            .filter((body) => wrong !== -1 || !JSON.stringify(body).includes("reason"))
            .map((body) => ({ field, body })),
        ),
      ),
    );
    expect(found).toEqual([]);
    expect(await stateOf(scene)).toEqual(before);
  });
});

/** An adjustment of the stock, which has a reason, may be negative. */
const WRONG_NUMBERS = [-1, 0.5, 1e308, 2 ** 53, "1", null, true, [1], {}];

function numbersIn(value: unknown): string[] {
  const found = new Set<string>();
  JSON.stringify(value, (key, entry: unknown) => {
    if (typeof entry === "number") found.add(key);
    return entry;
  });
  return [...found];
}
