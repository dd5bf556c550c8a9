/** Deploying, against an account that only remembers which commands it was given. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DeployError, type RunWrangler } from "../../../scripts/deploy/account.ts";
import { type Deployment, readWorkers, rollOut } from "../../../scripts/deploy/deploy-workers.ts";
import { planRollout } from "../../../scripts/deploy/plan-rollout.ts";
import { LOCAL_ONLY_WORKERS, type RawConfig } from "../../../scripts/deploy/production-config.ts";
import { checkSecrets, secretNames, secretsOf } from "../../../scripts/deploy/production-secrets.ts";
import { parseVariables } from "../../../scripts/lib/secrets.ts";

const workers = readWorkers();
const configs = workers.map(({ raw }) => raw);
const names = configs.map(({ name }) => name);
const SECRETS = Object.fromEntries(
  names.flatMap((name) => secretNames(name).required).map((name) => [name, `${name}-long-enough-to-be-one`]),
);

interface Deployed {
  readonly name: string;
  readonly peers: readonly string[];
  readonly secrets: readonly string[];
}

/** Refuses what the platform refuses: a binding to a worker that is not there. */
class FakeAccount {
  readonly commands: string[] = [];
  readonly deployed: Deployed[] = [];
  readonly #databases = new Map<string, string>();
  readonly #there: Set<string>;

  constructor(there: readonly string[] = []) {
    this.#there = new Set(there);
  }

  readonly run: RunWrangler = async (args) => {
    const [command, action, name = ""] = args;
    this.commands.push(args.slice(0, 3).join(" "));
    if (command === "d1" && action === "list") {
      return JSON.stringify([...this.#databases].map(([database, uuid]) => ({ name: database, uuid })));
    }
    if (command === "d1" && action === "create") this.#databases.set(name, `id-of-${name}`);
    if (command === "queues" && this.commands.length % 2 === 0) throw new DeployError("Queue name is already taken");
    if (command === "deployments" && !this.#there.has(args[3] ?? "")) throw new DeployError("not found [code: 10007]");
    if (command === "deploy") this.#deploy(args);
    return "";
  };

  #deploy(args: readonly string[]): void {
    const config = JSON.parse(readFileSync(args[2] ?? "", "utf8")) as RawConfig;
    const secretsFile = args.includes("--secrets-file") ? args.at(-1) : undefined;
    const secrets = secretsFile === undefined ? {} : (JSON.parse(readFileSync(secretsFile, "utf8")) as object);
    this.#there.add(config.name);
    const peers = (config.services ?? []).map(({ service }) => service);
    expect(peers.filter((peer) => !this.#there.has(peer))).toEqual([]);
    this.deployed.push({ name: config.name, peers, secrets: Object.keys(secrets) });
  }
}

function peersOf(name: string): readonly string[] {
  const config = configs.find((candidate) => candidate.name === name);
  return (config?.services ?? []).map(({ service }) => service).filter((service) => !LOCAL_ONLY_WORKERS.has(service));
}

describe("a rollout", () => {
  let folder = "";

  function deploymentTo(account: FakeAccount): Deployment {
    return { run: account.run, workers, variables: { PUBLIC_URL: "https://shop.example" }, folder };
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "holdfast-deploy-"));
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
  });

  afterAll(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  it("ends with every worker bound to all of its peers, the public one after all that it needs", async () => {
    const account = new FakeAccount();
    await rollOut(deploymentTo(account), SECRETS);
    for (const name of names) {
      const last = account.deployed.findLast((deployed) => deployed.name === name);
      expect([...(last?.peers ?? [])].sort(), name).toEqual([...peersOf(name)].sort());
    }
    const firstRound = account.deployed.slice(0, names.length).map(({ name }) => name);
    expect(firstRound.at(-1)).toBe("holdfast-gateway");
    expect(new Set(firstRound)).toEqual(new Set(names));
  });

  it("never takes a binding away from a worker that is live", async () => {
    const account = new FakeAccount(names);
    await rollOut(deploymentTo(account), undefined);
    expect(account.deployed.map(({ name }) => name).sort()).toEqual([...names].sort());
    for (const { name, peers } of account.deployed) expect([...peers].sort(), name).toEqual([...peersOf(name)].sort());
  });

  it("migrates every database before any worker goes out", async () => {
    const account = new FakeAccount();
    await rollOut(deploymentTo(account), undefined);
    const lastMigration = account.commands.lastIndexOf("d1 migrations apply");
    const firstDeploy = account.commands.findIndex((command) => command.startsWith("deploy "));
    expect(lastMigration).toBeGreaterThan(0);
    expect(firstDeploy).toBeGreaterThan(lastMigration);
  });

  it("adds a new worker to a live shop without a second round for the others", () => {
    const existing = new Set(names.filter((name) => name !== "holdfast-audit"));
    const steps = planRollout(configs, existing);
    expect(steps.filter(({ again }) => again)).toEqual([]);
    expect(steps).toHaveLength(names.length);
  });

  it("gives each worker its own secrets, and leaves no file of them behind", async () => {
    const account = new FakeAccount();
    await rollOut(deploymentTo(account), SECRETS);
    for (const { name, secrets } of account.deployed)
      expect([...secrets].sort(), name).toEqual([...secretNames(name).required].sort());
    for (const name of names) expect(existsSync(join(folder, name, "secrets.json"))).toBe(false);
  });
});

describe("production secrets", () => {
  it("are known for every worker whose code asks for one", () => {
    for (const { raw, path } of workers) {
      const asked = new Set(
        sourcesOf(path, raw).flatMap((text) => [...text.matchAll(/([A-Z_]+): SecretVariable/g)].map(([, name]) => name)),
      );
      const { required, optional } = secretNames(raw.name);
      for (const name of asked) expect([...required, ...optional], `${raw.name} reads ${name}`).toContain(name);
      for (const name of required) expect(asked, `${raw.name} is given ${name}`).toContain(name);
    }
  });

  it("are refused when one is missing or too short, naming each", () => {
    const { STRIPE_API_KEY: _, ...others } = SECRETS;
    expect(() => checkSecrets({ ...others, ADMIN_API_KEY: "short" }, "production.env")).toThrow(
      /ADMIN_API_KEY is shorter than 16 characters\n {2}STRIPE_API_KEY is missing|STRIPE_API_KEY is missing\n {2}ADMIN_API_KEY is shorter/,
    );
    expect(checkSecrets(SECRETS, "production.env")).toEqual(SECRETS);
  });

  it("are read without quotes and comments", () => {
    const text = `A=plain            # opens every admin call\nB="quoted # not a comment"\nexport C='single'\n# D=off\nE=\nF=a=b==`;
    expect(parseVariables(text)).toEqual({ A: "plain", B: "quoted # not a comment", C: "single", E: "", F: "a=b==" });
  });

  it("reach no worker that does not read them", () => {
    expect(secretsOf("holdfast-catalog", SECRETS)).toEqual({});
  });
});

/** Text of the worker's own files and of the objects that it re-exports. */
function sourcesOf(path: string, raw: RawConfig): string[] {
  const index = join(dirname(path), raw.main ?? "");
  const objects = [...readFileSync(index, "utf8").matchAll(/from "([./]+durable-objects\/[a-z-]+)\/index\.ts"/g)];
  const folders = [dirname(index), ...objects.map(([, folder]) => join(dirname(index), folder ?? ""))];
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(join(folder, file), "utf8")),
  );
}
