/** Categories on the wire. Pure. */
import { z } from "@hono/zod-openapi";
import { ancestorsOf, type CategoryNode, type CategoryTree, pictureOf, withDescendants } from "./category-tree.ts";

export const CategoryJson = z
  .object({
    id: z.string(),
    handle: z.string(),
    title: z.string(),
    description: z.string().openapi({ description: "Plain text." }),
    parent: z.string().nullable().openapi({ description: "Handle." }),
    image: z.string().nullable().openapi({ description: "Its own, else that of a product in it." }),
    position: z.int(),
    product_count: z.int().openapi({ description: "Active products in it or below it that have a price in the currency." }),
  })
  .openapi("Category");

export const CategoryDetailJson = CategoryJson.extend({
  ancestors: z.array(z.object({ handle: z.string(), title: z.string() })).openapi({ description: "From the top down." }),
  children: z.array(CategoryJson),
}).openapi("CategoryDetail");

/** @param counts by category id, without what is below. */
export function categoryJson(
  tree: CategoryTree,
  counts: ReadonlyMap<string, number>,
  node: CategoryNode,
): z.infer<typeof CategoryJson> {
  const parent = node.parentId === null ? undefined : tree.byId.get(node.parentId);
  return {
    id: node.id,
    handle: node.handle,
    title: node.title,
    description: node.description,
    parent: parent?.handle ?? null,
    image: pictureOf(tree, node),
    position: node.position,
    product_count: withDescendants(tree, node.id).reduce((sum, { id }) => sum + (counts.get(id) ?? 0), 0),
  };
}

export function categoryDetailJson(
  tree: CategoryTree,
  counts: ReadonlyMap<string, number>,
  node: CategoryNode,
): z.infer<typeof CategoryDetailJson> {
  return {
    ...categoryJson(tree, counts, node),
    ancestors: ancestorsOf(tree, node.id).map(({ handle, title }) => ({ handle, title })),
    children: (tree.children.get(node.id) ?? []).map((child) => categoryJson(tree, counts, child)),
  };
}
