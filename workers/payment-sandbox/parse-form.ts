/**
 * Decodes `application/x-www-form-urlencoded` with brackets: `metadata[order_id]=x&expand[]=a&expand[0]=b`. Pure.
 * Lists are what has only `[]` or whole numbers as keys; objects have no prototype, so that no key is special.
 */
import type { FormData, FormValue } from "../../durable-objects/sandbox-account/contract.ts";
import { err, ok, type Result } from "../shared/result.ts";

const FIELDS_MAX = 1_000;
const DEPTH_MAX = 8;
const FIELD_NAME = /^([^[\]]+)((?:\[[^[\]]*\])*)$/;

export type FormError = { readonly code: "malformed_form"; readonly message: string };

/** A list or an object: which one shows when all keys are known. */
type Branch = Map<string, Branch | string>;

export function parseForm(text: string): Result<FormData, FormError> {
  const root: Branch = new Map();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1;
    if (count > FIELDS_MAX) return err({ code: "malformed_form", message: `More than ${FIELDS_MAX} fields.` });
    const keys = keysOf(name);
    if (keys === undefined || !put(root, keys, value)) {
      return err({ code: "malformed_form", message: `The field name ${JSON.stringify(name.slice(0, 100))} makes no sense.` });
    }
  }
  return ok(objectOf(root));
}

function keysOf(name: string): string[] | undefined {
  const match = FIELD_NAME.exec(name);
  if (match?.[1] === undefined) return undefined;
  const inner = (match[2] ?? "").split("]").slice(0, -1);
  return inner.length < DEPTH_MAX ? [match[1], ...inner.map((part) => part.slice(1))] : undefined;
}

/** False when the same name is both a value and a branch. */
function put(root: Branch, keys: readonly string[], value: string): boolean {
  let branch = root;
  for (const [index, given] of keys.entries()) {
    const key = given === "" ? String(branch.size) : given;
    const known = branch.get(key);
    if (index === keys.length - 1) {
      if (known instanceof Map) return false;
      branch.set(key, value);
      return true;
    }
    if (typeof known === "string") return false;
    const next: Branch = known ?? new Map();
    branch.set(key, next);
    branch = next;
  }
  return false;
}

function nested(node: Branch | string): FormValue {
  if (typeof node === "string") return node;
  const isList = node.size > 0 && [...node.keys()].every((key, index) => key === String(index));
  return isList ? [...node.values()].map(nested) : objectOf(node);
}

function objectOf(branch: Branch): FormData {
  return Object.fromEntries([...branch].map(([key, value]) => [key, nested(value)]));
}
