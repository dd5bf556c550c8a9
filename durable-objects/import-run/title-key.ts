/** What titles are sorted by: lower case, without accents, so that `Äpfel` stands beside `Apfel`. Pure. */

const KEY_LENGTH_MAX = 120;

export function titleKey(title: string): string {
  const plain = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
  return [...plain].slice(0, KEY_LENGTH_MAX).join("");
}
