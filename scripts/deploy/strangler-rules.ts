/** The rules of a gradual move, checked before anything is deployed: the gateway would not start with bad ones. */
import { existsSync, readFileSync } from "node:fs";
import { parseStranglerRules } from "../../workers/gateway/strangler/rules.ts";
import { DeployError } from "./account.ts";

/** https://developers.cloudflare.com/workers/platform/limits/#environment-variables */
const VARIABLE_BYTES_MAX = 5 * 1_024;

/** @returns the file as one short line @throws DeployError with everything that is wrong */
export function readStranglerRules(file: string): string {
  if (!existsSync(file)) throw new DeployError(`There is no file ${file} (--strangler).`);
  const text = readFileSync(file, "utf8");
  const parsed = parseStranglerRules(text);
  if (!parsed.ok)
    throw new DeployError(`${file} (--strangler) is wrong:\n${parsed.error.faults.map((fault) => `  ${fault}`).join("\n")}`);
  if (parsed.value.allowsPrivateOrigins) throw new DeployError(`${file}: allow_private_origins is for development alone.`);
  const line = text.trim() === "" ? "" : JSON.stringify(JSON.parse(text));
  if (Buffer.byteLength(line) > VARIABLE_BYTES_MAX) throw new DeployError(`${file} has more than ${VARIABLE_BYTES_MAX} bytes.`);
  return line;
}
