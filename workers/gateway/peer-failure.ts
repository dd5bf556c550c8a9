/** What the shopper is told when a service cannot be asked. One exhaustive switch from reason to problem. Pure. */
import { unavailable } from "../shared/call-peer.ts";
import { ProblemError } from "../shared/problem.ts";

const RETRY_AFTER_SECONDS = "2";

/** 504 when the deadline passed, else 503; both may be tried again. */
export function peerFailure(service: string, error: unknown): ProblemError {
  const { reason } = unavailable(service, error);
  switch (reason) {
    case "timeout":
      return new ProblemError({
        status: 504,
        code: "deadline_exceeded",
        detail: `The ${service} service did not answer in time. What you asked for may have happened: ask again, or look.`,
      });
    case "circuit_open":
    case "overloaded":
    case "failed":
      return new ProblemError({
        status: 503,
        code: "service_unavailable",
        detail: `The ${service} service cannot be reached right now. Try again in a moment.`,
        headers: { "retry-after": RETRY_AFTER_SECONDS },
      });
  }
}
