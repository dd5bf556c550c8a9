/** The payments worker's settings, parsed once when an isolate starts, so that a bad value stops the worker. */
import * as z from "zod";
import { parseConfiguration, SecretVariable } from "../shared/configuration.ts";

const Configuration = z.object({
  STRIPE_API_KEY: SecretVariable,
  /** Without it no webhook is believed; everything else works, and reconciling finds what webhooks would have told. */
  STRIPE_WEBHOOK_SECRET: SecretVariable.optional(),
});
export type PaymentsConfiguration = z.infer<typeof Configuration>;

export function readConfiguration(env: object): PaymentsConfiguration {
  return parseConfiguration("payments", Configuration, env);
}
