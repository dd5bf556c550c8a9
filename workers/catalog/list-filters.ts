/** SQL conditions on `p` (products) that lists and search share. The argument is the number of a bound parameter. */

/** At least one variant can be bought in this currency. */
export const PRICED = (currency: `?${number}`) =>
  `EXISTS (SELECT 1 FROM variants v JOIN prices r ON r.variant_id = v.id WHERE v.product_id = p.id AND r.currency = ${currency})`;

/** In the category of this handle or below it; null means everywhere. */
export const IN_CATEGORY = (handle: `?${number}`) =>
  `(${handle} IS NULL OR p.category_id IN (
    WITH RECURSIVE below (id) AS (
      SELECT id FROM categories WHERE handle = ${handle}
      UNION SELECT c.id FROM categories c JOIN below ON c.parent_id = below.id
    ) SELECT id FROM below))`;
