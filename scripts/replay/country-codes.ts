/** Country names of the invoice file as ISO 3166-1 alpha-2 codes. `Intl` knows most; the file has a few of its own. Pure. */

const OWN_NAMES: Readonly<Record<string, string>> = {
  EIRE: "IE",
  "Channel Islands": "JE",
  USA: "US",
  RSA: "ZA",
  "Czech Republic": "CZ",
  /** No country given: the shop is British. */
  Unspecified: "GB",
  "European Community": "BE",
  "Hong Kong": "HK",
};

let byName: Map<string, string> | undefined;

function countriesByName(): Map<string, string> {
  if (byName !== undefined) return byName;
  const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
  byName = new Map();
  for (let first = 65; first <= 90; first++) {
    for (let second = 65; second <= 90; second++) {
      const code = String.fromCharCode(first, second);
      const name = names.of(code);
      // Withdrawn codes (UK, DD) bear the name of the one that replaced them.
      const isCurrent = Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
      if (name !== undefined && isCurrent) byName.set(name, code);
    }
  }
  return byName;
}

/** Undefined when the name is no country's. */
export function countryCode(name: string): string | undefined {
  return OWN_NAMES[name] ?? countriesByName().get(name);
}
