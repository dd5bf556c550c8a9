/** Identity is asked on the way of every signed-in call: a short deadline, one retry, and its absence is 503. */
import { guarded } from "../shared/call-peer.ts";
import { peerFailure } from "./peer-failure.ts";

const IDENTITY_DEADLINE_MS = 3_000;

/** @throws ProblemError 503 or 504 */
export async function askIdentity<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await guarded({ service: "identity", deadlineMs: IDENTITY_DEADLINE_MS, retries: 1, retryTimeouts: false }, call);
  } catch (error) {
    throw peerFailure("identity", error);
  }
}
