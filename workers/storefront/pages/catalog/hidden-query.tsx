/** A list's address as hidden fields, so that a GET form about one part of it keeps the rest. Pure. */
import { type ListQuery, listSearch } from "./list-query.ts";

interface HiddenQueryProps {
  readonly query: ListQuery;
  readonly currency: string;
  /** Fields that the form has of its own. */
  readonly except?: readonly string[];
}

export function HiddenQuery({ query, currency, except = [] }: HiddenQueryProps) {
  const parameters = [...new URLSearchParams(listSearch(query, currency))].filter(([name]) => !except.includes(name));
  return (
    <>
      {parameters.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  );
}
