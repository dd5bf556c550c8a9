/** Options of a command: `--help` shows how to use it and ends well; what it does not know ends with 2, the usage, and no stack. */
import { type ParseArgsConfig, parseArgs } from "node:util";

export function readArguments<T extends ParseArgsConfig>(usage: string, config: T): ReturnType<typeof parseArgs<T>> {
  if (process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    refuseArguments(usage, error instanceof Error ? error.message : String(error));
  }
}

export function refuseArguments(usage: string, reason: string): never {
  console.error(`${reason}\n\n${usage}`);
  process.exit(2);
}
