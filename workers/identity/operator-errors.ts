/** Every expected refusal of the routes for staff and keys, and the one place that says how each looks over HTTP. Pure. */
import { type Problem, ProblemError } from "../shared/problem.ts";

export type OperatorError =
  /** To grant, change or take away what one does not have. */
  | { readonly code: "beyond_own_scopes" }
  | { readonly code: "own_role" }
  | { readonly code: "last_owner" }
  | { readonly code: "already_staff" }
  | { readonly code: "staff_limit_reached"; readonly limit: number }
  | { readonly code: "key_limit_reached"; readonly limit: number }
  /** Keys and apps make no keys and no staff. */
  | { readonly code: "person_required" }
  | { readonly code: "key_ended" };

export function operatorProblem(error: OperatorError): Problem {
  switch (error.code) {
    case "beyond_own_scopes":
      return { status: 403, code: error.code, detail: "Nobody grants, changes or takes away more than they have themselves." };
    case "own_role":
      return { status: 403, code: error.code, detail: "Somebody else has to change your role or take you off the staff." };
    case "last_owner":
      return { status: 409, code: error.code, detail: "This is the last owner. Make somebody else an owner first." };
    case "already_staff":
      return {
        status: 409,
        code: error.code,
        detail: "Whoever has this address is of the staff already. Change the role instead.",
      };
    case "staff_limit_reached":
      return { status: 409, code: error.code, detail: `The staff has at most ${error.limit} members and invitations.` };
    case "key_limit_reached":
      return { status: 409, code: error.code, detail: `A shop has at most ${error.limit} keys that stand. Revoke one first.` };
    case "person_required":
      return { status: 403, code: error.code, detail: "This takes a member of the staff or the admin key, not a key or an app." };
    case "key_ended":
      return { status: 409, code: error.code, detail: "This key is revoked or has expired. Make a new one." };
  }
}

/** Ends an HTTP handler with the error's problem. */
export function operatorRefusal(error: OperatorError): ProblemError {
  return new ProblemError(operatorProblem(error));
}
