/** A person with words that nobody else has: wherever one of them shows, it is theirs. Data only. */
export const EMAIL = "zebedia.quillfeather@canary.example";
export const PASSWORD = "canaries-sing-at-dawn-91";
export const WORDS = {
  name: "Quillfeather",
  email: EMAIL,
  street: "77 Wyvernhythe Row",
  town: "Nettlecombe-Wyke",
  postcode: "QX9 7ZW",
  phone: "7946 0991",
  network: "203.0.113.77",
  browser: "CanaryBrowser",
  tracking: "PARCELCANARY991",
} as const;
export const CARD = "4000056655665556";
export const ADDRESS = {
  name: `Zebedia ${WORDS.name}`,
  line1: WORDS.street,
  city: WORDS.town,
  postal_code: WORDS.postcode,
  country: "GB",
  phone: `+44 20 ${WORDS.phone}`,
};
export const BROWSER = { "user-agent": `${WORDS.browser}/7.7`, "cf-connecting-ip": WORDS.network };

export function words(): string[] {
  return Object.values(WORDS);
}
