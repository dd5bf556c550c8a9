/** Operators' pictures: upload, list, delete. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { isoTime } from "../shared/clock.ts";
import { decodeCursor, encodeCursor, PageLimit } from "../shared/cursor.ts";
import { jsonContent, notFound, problemResponses, type ServiceContext, type ServiceEnv } from "../shared/http.ts";
import { requireOperator } from "../shared/principal.ts";
import { noteDifference } from "../shared/privileged-act.ts";
import { fieldErrors, type Problem, ProblemError } from "../shared/problem.ts";
import { acceptPicture, PICTURE_BYTES_MAX, type PictureRefused } from "./accept-picture.ts";
import type { Env } from "./env.ts";
import { PictureKey, pictureUrl } from "./picture-key.ts";
import { deletePicture, listPictures, type Picture } from "./picture-store.ts";
import { pictureVersions } from "./picture-versions.ts";

const tags = ["Operating: pictures"];
const security = [{ bearer: [] }];
/** In the address a key keeps its slashes; a client that escapes them is understood too. */
const ADMIN_PATH = "/v1/admin/media/:key{.+}";
const Keyed = z.object({ key: PictureKey.openapi({ example: "products/skerry-rain-jacket.webp" }) });
const binary = z.string().openapi({ format: "binary" });
const TYPES = ["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"] as const;

const PictureJson = z
  .object({
    key: z.string(),
    url: z
      .string()
      .openapi({ description: "Where it is shown; add `?w=` for a width and `&v=` with its version to keep it for ever." }),
    version: z.string(),
    width: z.int(),
    height: z.int(),
    bytes: z.int(),
    content_type: z.string(),
    uploaded_at: z.string(),
  })
  .openapi("Picture");

const put = createRoute({
  method: "put",
  path: "/v1/admin/media/{key}",
  operationId: "putPicture",
  tags,
  security,
  summary: "Upload a picture, or replace it",
  description:
    "JPEG, PNG, WebP, AVIF or GIF up to 20 MiB, told by its bytes. SVG and HTML are refused. Old variants are dropped.",
  request: {
    params: Keyed,
    body: { required: true, content: Object.fromEntries(TYPES.map((type) => [type, { schema: binary }])) },
  },
  responses: {
    200: jsonContent(PictureJson, "Replaced"),
    201: jsonContent(PictureJson, "New"),
    ...problemResponses(400, 401, 403, 413, 415, 422),
  },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/admin/media/{key}",
  operationId: "deletePicture",
  tags,
  security,
  summary: "Delete a picture and its variants; a placeholder stands in for it from then on",
  request: { params: Keyed },
  responses: { 204: { description: "Deleted" }, ...problemResponses(400, 401, 403, 404) },
});

const list = createRoute({
  method: "get",
  path: "/v1/admin/media",
  operationId: "listPictures",
  tags,
  security,
  summary: "List the pictures by key",
  request: {
    query: z.object({
      prefix: z.string().max(200).default("").openapi({ example: "products/" }),
      limit: PageLimit,
      cursor: z.string().max(1_024).optional(),
    }),
  },
  responses: {
    200: jsonContent(z.object({ items: z.array(PictureJson), next_cursor: z.string().nullable() }), "A page of pictures"),
    ...problemResponses(400, 401, 403),
  },
});

export function addAdminRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  for (const route of [put, remove]) app.openAPIRegistry.registerPath(route);
  app.put(ADMIN_PATH, async (c) => {
    requireOperator(c.var.principal, "products:write");
    const accepted = await acceptPicture(c.env, requireKey(c), c.req.raw.body);
    if (!accepted.ok) throw new ProblemError(refusal(accepted.error));
    const { picture, replaced } = accepted.value;
    noteDifference(c, replaced === null ? null : pictureJson(replaced), pictureJson(picture), `media/${picture.key}`);
    return c.json(pictureJson(picture), replaced === null ? 201 : 200);
  });
  app.delete(ADMIN_PATH, async (c) => {
    requireOperator(c.var.principal, "products:write");
    const key = requireKey(c);
    const deleted = await deletePicture(c.env.ORIGINALS, key);
    pictureVersions.forget(key);
    if (deleted === null) throw notFound("picture");
    noteDifference(c, pictureJson(deleted), null, `media/${key}`);
    return c.body(null, 204);
  });
  app.openapi(list, async (c) => {
    requireOperator(c.var.principal, "products:read");
    const { prefix, limit, cursor } = c.req.valid("query");
    const after = cursor === undefined ? null : decodeCursor(z.strictObject({ k: PictureKey }), cursor).k;
    const { pictures, next } = await listPictures(c.env.ORIGINALS, prefix, after, limit);
    return c.json({ items: pictures.map(pictureJson), next_cursor: next === null ? null : encodeCursor({ k: next }) }, 200);
  });
}

/** @throws ProblemError 400 */
function requireKey(c: ServiceContext<Env>): string {
  const key = PictureKey.safeParse(c.req.param("key"));
  if (key.success) return key.data;
  const errors = fieldErrors(key.error).map(({ message }) => ({ path: "key", message }));
  throw new ProblemError({ status: 400, code: "invalid_request", detail: "No picture can have this key; see `errors`.", errors });
}

function pictureJson(picture: Picture): z.infer<typeof PictureJson> {
  return {
    key: picture.key,
    url: pictureUrl(picture.key),
    version: picture.version,
    width: picture.width,
    height: picture.height,
    bytes: picture.bytes,
    content_type: picture.contentType,
    uploaded_at: isoTime(picture.uploadedAtMs),
  };
}

function refusal(refused: PictureRefused): Problem {
  switch (refused.code) {
    case "empty_body":
      return { status: 422, code: refused.code, detail: "Send the picture itself as the body." };
    case "picture_too_large":
      return { status: 413, code: refused.code, detail: `A picture may have at most ${PICTURE_BYTES_MAX} bytes.` };
    case "unsupported_picture_type":
      return {
        status: 415,
        code: refused.code,
        detail: "The bytes are no JPEG, PNG, WebP, AVIF or GIF. SVG is not taken: it can carry script.",
      };
    case "too_many_pixels":
      return {
        status: 422,
        code: refused.code,
        detail: `${refused.width} × ${refused.height} pixels are too many: at most 12,000 a side and 100 million in all.`,
      };
    case "broken_picture":
      return { status: 422, code: refused.code, detail: "It begins like a picture, but does not decode. Export it again." };
  }
}
