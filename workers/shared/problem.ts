/** RFC 9457 problem documents: every refusal over HTTP has this shape and a stable `code`. */
import * as z from "zod";

export const PROBLEM_CONTENT_TYPE = "application/problem+json";

/** One bad place of a refused body; `path` is a dotted path such as `lines.0.quantity`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export interface Problem {
  readonly status: number;
  /** Stable, snake_case; clients switch on it. */
  readonly code: string;
  /** What happened and what the caller can do now. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  /** Further members of the document, e.g. `shortages`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** For OpenAPI: the shape every problem answer has. */
export const ProblemJson = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Not authenticated",
  402: "Payment required",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  410: "Gone",
  412: "Precondition failed",
  413: "Body too large",
  414: "Address too long",
  415: "Unsupported media type",
  422: "Unprocessable content",
  426: "Upgrade required",
  429: "Too many requests",
  431: "Header too large",
  500: "Internal error",
  502: "Bad gateway",
  503: "Unavailable",
  504: "Timed out",
  508: "Loop detected",
};

export function problemDocument(problem: Problem): Record<string, unknown> {
  return {
    type: `urn:holdfast:problem:${problem.code}`,
    title: TITLES[problem.status] ?? "Error",
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    ...problem.extensions,
  };
}

export function problemResponse(problem: Problem): Response {
  return Response.json(problemDocument(problem), {
    status: problem.status,
    headers: { ...problem.headers, "content-type": PROBLEM_CONTENT_TYPE, "cache-control": "no-store" },
  });
}

/** Thrown inside an HTTP handler to end it with a problem; the app's error handler renders it. Never crosses RPC. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

/** What a refused zod parse says to the caller. */
export function fieldErrors(error: z.core.$ZodError): FieldError[] {
  return error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({ path: [...issue.path, key].join("."), message: "is not a known field" }))
      : [{ path: issue.path.join("."), message: issue.message }],
  );
}
