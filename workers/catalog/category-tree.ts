/** The categories as a tree: order, counts with everything below, a picture for those that have none. Pure. */

export interface CategoryNode {
  readonly id: string;
  readonly handle: string;
  readonly title: string;
  /** Plain text. */
  readonly description: string;
  readonly parentId: string | null;
  readonly position: number;
  readonly image: string | null;
  /** Picture of the newest product in it. */
  readonly productImage: string | null;
}

export interface CategoryTree {
  /** By position, then handle. */
  readonly ordered: readonly CategoryNode[];
  readonly byId: ReadonlyMap<string, CategoryNode>;
  readonly byHandle: ReadonlyMap<string, CategoryNode>;
  /** By the id of the parent, in order. */
  readonly children: ReadonlyMap<string, readonly CategoryNode[]>;
}

export function categoryTree(nodes: readonly CategoryNode[]): CategoryTree {
  const ordered = nodes.toSorted(compareCategories);
  const children = new Map<string, CategoryNode[]>();
  for (const node of ordered) {
    if (node.parentId !== null) children.set(node.parentId, [...(children.get(node.parentId) ?? []), node]);
  }
  return {
    ordered,
    byId: new Map(ordered.map((node) => [node.id, node])),
    byHandle: new Map(ordered.map((node) => [node.handle, node])),
    children,
  };
}

type Place = Pick<CategoryNode, "position" | "handle">;

/** By position, then by the code units of the handle. */
export function compareCategories(a: Place, b: Place): number {
  if (a.position !== b.position) return a.position - b.position;
  return a.handle < b.handle ? -1 : a.handle > b.handle ? 1 : 0;
}

/** The category and everything below it. Two changes at once could close a loop: each is visited once. */
export function withDescendants(tree: CategoryTree, id: string): CategoryNode[] {
  const seen = new Set<string>();
  const found: CategoryNode[] = [];
  const visit = (node: CategoryNode | undefined): void => {
    if (node === undefined || seen.has(node.id)) return;
    seen.add(node.id);
    found.push(node);
    for (const child of tree.children.get(node.id) ?? []) visit(child);
  };
  visit(tree.byId.get(id));
  return found;
}

/** From the top down, without the category itself. */
export function ancestorsOf(tree: CategoryTree, id: string): CategoryNode[] {
  const found: CategoryNode[] = [];
  const seen = new Set([id]);
  for (let parentId = tree.byId.get(id)?.parentId ?? null; parentId !== null && !seen.has(parentId); ) {
    seen.add(parentId);
    const parent = tree.byId.get(parentId);
    if (parent === undefined) break;
    found.unshift(parent);
    parentId = parent.parentId;
  }
  return found;
}

/** What each category has by itself, added to everything above it. */
export function rolledUp(tree: CategoryTree, own: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [id, count] of own) {
    for (const { id: counted } of [...ancestorsOf(tree, id), { id }]) sums.set(counted, (sums.get(counted) ?? 0) + count);
  }
  return sums;
}

/** Its own, else that of a product in it or below it. */
export function pictureOf(tree: CategoryTree, node: CategoryNode): string | null {
  if (node.image !== null) return node.image;
  for (const below of withDescendants(tree, node.id)) {
    const picture = below.productImage ?? below.image;
    if (picture !== null) return picture;
  }
  return null;
}
