/** Puts values into a sentence: `Only {n} left` with `{ n: 3 }`. A name without a value stays as it is. Pure. */
export function fillText(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (name, key: string) => String(values[key] ?? name));
}
