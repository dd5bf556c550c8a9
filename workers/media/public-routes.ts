/** What browsers ask for in `<img srcset>`: a picture by its key, in a width. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { problemResponses, type ServiceEnv } from "../shared/http.ts";
import { fieldErrors, ProblemError } from "../shared/problem.ts";
import { configuration, type Env } from "./env.ts";
import { formatsFor, WIDTHS, widthFor } from "./negotiate-variant.ts";
import { PictureKey } from "./picture-key.ts";
import { placeholderResponse } from "./placeholder.ts";
import { servePicture } from "./serve-picture.ts";

const WIDTH_ASKED_MAX = 100_000;
const Query = z.object({
  w: z.coerce
    .number()
    .int()
    .min(1)
    .max(WIDTH_ASKED_MAX)
    .optional()
    .openapi({
      description: `Pixels. Answered with the smallest of ${WIDTHS.join(", ")} that is enough; the widest without it.`,
    }),
  v: z.string().max(64).optional().openapi({ description: "The picture's version: the answer may then be kept for ever." }),
});
const binary = z.string().openapi({ format: "binary" });

const show = createRoute({
  method: "get",
  path: "/media/{key}",
  operationId: "showPicture",
  tags: ["Pictures"],
  summary: "A picture in a width, in the best format that `accept` names; a drawn placeholder when there is none",
  request: { params: z.object({ key: z.string().openapi({ example: "products/skerry-rain-jacket.webp" }) }), query: Query },
  responses: {
    200: {
      description: "The picture; `x-placeholder: 1` marks one that only stands in for it",
      content: Object.fromEntries(
        ["image/avif", "image/webp", "image/jpeg", "image/svg+xml"].map((type) => [type, { schema: binary }]),
      ),
    },
    304: { description: "Unchanged since the `etag` that was sent as `if-none-match`" },
    ...problemResponses(400),
  },
});

export function addPublicRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openAPIRegistry.registerPath(show);
  // Pages of other sites may show our pictures: a headless shop lives elsewhere.
  app.use("/media/*", async (c, next) => {
    await next();
    c.res.headers.set("cross-origin-resource-policy", "cross-origin");
  });
  app.get("/media/:key{.+}", async (c) => {
    const query = Query.safeParse(c.req.query());
    if (!query.success) {
      throw new ProblemError({
        status: 400,
        code: "invalid_request",
        detail: "The query does not have the documented shape; see `errors`.",
        errors: fieldErrors(query.error),
      });
    }
    const asked = c.req.param("key");
    const key = PictureKey.safeParse(asked);
    if (!key.success) return placeholderResponse(asked);
    const width = widthFor(query.data.w);
    return await servePicture(c.env, c.executionCtx as ExecutionContext, {
      key: key.data,
      width,
      formats: formatsFor(c.req.header("accept") ?? null, width, configuration.AVIF_WIDTH_MAX),
      versioned: query.data.v !== undefined,
      ifNoneMatch: c.req.header("if-none-match") ?? null,
      context: c.var.context,
    });
  });
}
