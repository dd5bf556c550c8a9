/**
 * A Miniflare plugin that puts the mail carrier in the place of Miniflare's stand-in for `send_email`. The binding runs in
 * its worker's own isolate, so that a mail is one call out of the runtime, and an error keeps its `code`, which it would
 * lose between two workers. Loaded by Miniflare, by its path. docs/decisions/021-mail-by-smtp.md
 */
import type { Plugin } from "miniflare";
import type { WorkerOptions } from "../../bundle-workers.ts";

const PLUGIN = "holdfast-mail";
const CARRIER_SERVICE = `${PLUGIN}:carrier`;
const BINDING_MODULE = `${PLUGIN}:binding`;
const BINDING_SOURCE = `
export default ({ carrier }) => ({
  async send(message) {
    const answer = await carrier.fetch("http://mail", { method: "POST", body: JSON.stringify(message) });
    if (answer.status === 204) return { messageId: answer.headers.get("message-id") };
    const { code, message: reason } = await answer.json();
    throw Object.assign(new Error(reason), { code });
  },
});`;

/** The worker with its `send_email` bindings carried; one without any stays as it is. */
export function carryMail(worker: WorkerOptions, carrierAddress: string): WorkerOptions {
  const bindings = worker.email?.send_email ?? [];
  if (bindings.length === 0) return worker;
  const { email: _email, ...others } = worker;
  const carried = bindings.map(({ name, ...restrictions }) => {
    if (Object.values(restrictions).some((value) => value !== undefined))
      throw new Error(`${name}: nothing restricts a send_email binding here`);
    const plugin = { package: import.meta.filename, name: PLUGIN };
    return { name, type: PLUGIN, plugin, options: { carrierAddress } };
  });
  return { ...others, unsafeBindings: [...(others.unsafeBindings ?? []), ...carried] };
}

type Environment = Parameters<Plugin["getBindings"]>[0]["config"]["env"];

function carriedBindings(environment: Environment): { name: string; carrierAddress: string }[] {
  return Object.entries(environment ?? {}).flatMap(([name, binding]) =>
    binding.type === `unsafe:${PLUGIN}` ? [{ name, carrierAddress: String(binding.dev?.options?.["carrierAddress"]) }] : [],
  );
}

export const plugins: Readonly<Record<string, Plugin>> = {
  [PLUGIN]: {
    getBindings: ({ config }) =>
      carriedBindings(config.env).map(({ name }) => ({
        name,
        wrapped: { moduleName: BINDING_MODULE, innerBindings: [{ name: "carrier", service: { name: CARRIER_SERVICE } }] },
      })),
    getNodeBindings: () => ({}),
    getServices: ({ options }) =>
      carriedBindings(options.config.env).map(({ carrierAddress }) => ({
        name: CARRIER_SERVICE,
        external: { address: carrierAddress, http: {} },
      })),
    getExtensions: () => [{ modules: [{ name: BINDING_MODULE, esModule: BINDING_SOURCE, internal: true }] }],
  },
};
