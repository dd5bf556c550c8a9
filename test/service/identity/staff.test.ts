/** The staff: how one joins it, what nobody may grant, and that a change is in force with the next call. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { GUEST } from "../../../workers/shared/principal.ts";
import { STAFF_ROLES, scopesOf } from "../../../workers/shared/staff-roles.ts";
import { call, freshEmail, PASSWORD, refresh, register, signIn } from "./client.ts";
import { identity } from "./entrypoint.ts";
import { ADMIN_KEY, accept, bindings, changeRole, invite, linkFor, principalOf, remove, seat } from "./staff-desk.ts";

const { DATABASE } = bindings;

afterEach(() => {
  vi.useRealTimers();
});

async function everythingIsSent(): Promise<void> {
  for (let unsent = await identity.listUnsentMessages(50); unsent.length > 0; unsent = await identity.listUnsentMessages(50))
    await identity.markMessagesSent(unsent);
}

describe("joining the staff", () => {
  it("takes the mail's link and a password, once, and makes an ordinary account with a confirmed address", async () => {
    const member = await seat("support");
    expect(await member.principal()).toMatchObject({ kind: "operator", subject: member.customerId, scopes: scopesOf("support") });
    const me = await call("GET", "/v1/me", undefined, { principal: await member.principal() });
    expect(me.body).toMatchObject({ email_confirmed: true, staff: { role: "support", scopes: scopesOf("support") } });
    const list = await call("GET", "/v1/admin/staff", undefined, { principal: ADMIN_KEY });
    expect(list.body.items).toContainEqual(expect.objectContaining({ id: member.id, email: member.email, status: "active" }));
  });

  it("does not work with a link that was used, replaced, withdrawn, too late or forged, all alike", async () => {
    const used = freshEmail();
    await invite(used, "analyst");
    const usedLink = await linkFor(used);
    expect((await accept(usedLink)).status).toBe(200);
    const twice = freshEmail();
    await invite(twice, "analyst");
    const replaced = await linkFor(twice);
    const again = await invite(twice, "support");
    const withdrawn = await linkFor(twice);
    expect((await remove(again.body)).status).toBe(204);
    const bodies = await Promise.all(
      [usedLink, replaced, withdrawn, `${replaced.slice(0, -3)}AAA`].map(async (link) => (await accept(link)).body),
    );
    for (const body of bodies) expect(body).toEqual(bodies[0]);
    expect(bodies[0]?.code).toBe("invalid_link");
    const late = freshEmail();
    await invite(late, "analyst");
    const lateLink = await linkFor(late);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 73 * 3_600_000 });
    expect((await accept(lateLink)).body.code).toBe("invalid_link");
  });

  it("leaves the password of a confirmed account alone: it joins with its own", async () => {
    const { customer } = await register();
    await DATABASE.prepare("UPDATE customers SET email_confirmed_at_ms = 1 WHERE id = ?").bind(customer.id).run();
    await invite(customer.email, "manager");
    const link = await linkFor(customer.email);
    expect((await accept(link, "somebody-elses-choice")).body.code).toBe("wrong_password");
    expect((await accept(link)).status).toBe(200);
    expect(await principalOf((await signIn(customer.email)).access_token)).toMatchObject({
      kind: "operator",
      subject: customer.id,
    });
  });

  it("signs out whoever claimed the address before its mailbox spoke, also with the very password", async () => {
    const { customer, refresh_token: stolen } = await register();
    const other = await register(customer.email, "another-good-phrase");
    await invite(customer.email, "owner");
    expect((await accept(await linkFor(customer.email))).status).toBe(200);
    expect((await refresh(stolen)).status).toBe(401);
    expect((await refresh(other.refresh_token)).status).toBe(401);
  });

  it("refuses a trivial password and keeps the link", async () => {
    const email = freshEmail();
    await invite(email, "analyst");
    const link = await linkFor(email);
    expect((await accept(link, "qwertyuiop1234")).body.code).toBe("weak_password");
    expect((await accept(link)).status).toBe(200);
  });

  it("is mailed like every message about an account: unsent until somebody says it went", async () => {
    await everythingIsSent();
    const email = freshEmail();
    await invite(email, "analyst");
    const id = (await linkFor(email)).split(".")[0] ?? "";
    expect(await identity.listUnsentMessages(50)).toEqual([id]);
    await identity.markMessagesSent([id]);
    expect(await identity.listUnsentMessages(50)).toEqual([]);
  });
});

describe("a change of role", () => {
  it("is in force with the next call of a token that was issued before", async () => {
    const member = await seat("manager");
    await changeRole(member, "analyst");
    expect((await member.principal()).scopes).toEqual([...scopesOf("analyst")]);
    expect((await invite(freshEmail(), "analyst", await member.principal())).body.code).toBe("insufficient_scope");
    expect((await remove(member)).status).toBe(204);
    expect(await member.principal()).toMatchObject({ kind: "customer", scopes: [] });
    const me = await call("GET", "/v1/me", undefined, { accessToken: member.accessToken });
    expect(me.body).not.toHaveProperty("staff");
  });

  it("never grants, changes or takes away more than one has (regression: a manager who makes an owner)", async () => {
    const [manager, owner] = await Promise.all([seat("manager"), seat("owner")]);
    const principal = await manager.principal();
    const invited = await invite(freshEmail(), "owner");
    const attempts = [
      invite(freshEmail(), "owner", principal),
      invite(invited.body.customer?.email ?? String((invited.body as unknown as { email: string }).email), "analyst", principal),
      changeRole(owner, "analyst", principal),
      changeRole({ id: invited.body.id }, "manager", principal),
      remove(owner, principal),
      remove({ id: invited.body.id }, principal),
    ];
    for (const { status, body } of await Promise.all(attempts)) expect([status, body.code]).toEqual([403, "beyond_own_scopes"]);
    expect((await invite(freshEmail(), "manager", principal)).status).toBe(201);
  });

  it("is never one's own", async () => {
    for (const role of ["owner", "manager"] as const) {
      const member = await seat(role);
      const principal = await member.principal();
      for (const to of STAFF_ROLES) expect((await changeRole(member, to, principal)).body.code).toBe("own_role");
      expect((await remove(member, principal)).body.code).toBe("own_role");
    }
  });

  it("leaves the last owner, also when two are demoted at once, and whatever the code does", async () => {
    await DATABASE.prepare("UPDATE staff SET role = 'analyst' WHERE role = 'owner' AND customer_id IS NULL").run();
    const { results } = await DATABASE.prepare("SELECT id FROM staff WHERE role = 'owner'").all<{ id: string }>();
    const owners = [...results, await seat("owner"), await seat("owner")];
    const answers = await Promise.all(owners.map((owner) => remove(owner)));
    const codes = answers.map(({ status, body }) => (status === 204 ? "removed" : body.code));
    expect(codes.filter((code) => code === "last_owner")).toHaveLength(1);
    const [last] = owners.filter((_, index) => codes[index] === "last_owner");
    if (last === undefined) throw new Error("no owner is left");
    expect((await changeRole(last, "manager")).body.code).toBe("last_owner");
    await expect(DATABASE.prepare("DELETE FROM staff WHERE id = ?").bind(last.id).run()).rejects.toThrow(/last owner/);
    await expect(DATABASE.prepare("UPDATE staff SET role = 'support' WHERE id = ?").bind(last.id).run()).rejects.toThrow(
      /last owner/,
    );
  });
});

describe("the staff's routes", () => {
  it.each([...STAFF_ROLES, "customer", "guest"] as const)("are for whoever has the scope: %s", async (who) => {
    const member = who === "customer" || who === "guest" ? undefined : await seat(who);
    const principal =
      member === undefined
        ? who === "guest"
          ? GUEST
          : await principalOf((await register()).access_token)
        : await member.principal();
    const may = who === "owner" || who === "manager";
    const refused = who === "guest" ? 401 : 403;
    const calls = [
      ["GET", "/v1/admin/staff", undefined, 200],
      ["POST", "/v1/admin/staff", { email: freshEmail(), role: "analyst" }, 201],
      ["GET", "/v1/admin/api-keys", undefined, 200],
      ["POST", "/v1/admin/api-keys", { name: "ERP", scopes: ["stock:read"] }, 201],
      ["GET", "/v1/admin/log", undefined, 200],
      ["GET", "/v1/admin/log/verification", undefined, 200],
    ] as const;
    for (const [method, path, body, allowed] of calls)
      expect([path, (await call(method, path, body, { principal })).status]).toEqual([path, may ? allowed : refused]);
  });

  it("take nothing but what they document", async () => {
    const principal = ADMIN_KEY;
    const bodies = [
      { email: "x", role: "owner" },
      { email: freshEmail(), role: "root" },
      { email: freshEmail(), role: "owner", scopes: ["*"] },
    ];
    for (const body of bodies)
      expect((await call("POST", "/v1/admin/staff", body, { principal })).body.code).toBe("invalid_body");
    expect((await changeRole({ id: "stf_01h455vb4pex5vsknk084sn02q" }, "owner")).body.code).toBe("not_found");
    expect((await accept("nonsense", PASSWORD)).body.code).toBe("invalid_link");
  });
});
