/**
 * How addresses are written in the countries that the checkout offers: the order of the fields, what the parts are called,
 * and the form of the postal code. Sources: the postal operators' own guides and Universal Postal Union S42. Pure.
 */
import { AU_STATES, CA_PROVINCES, JP_PREFECTURES, type Region, US_STATES } from "./regions.ts";

export type AddressField = "name" | "line1" | "line2" | "city" | "region" | "postal_code" | "phone";
export type RegionKind = "state" | "province" | "prefecture" | "county" | "region";
export type PostalKind = "postcode" | "zip" | "eircode" | "postal_code";

interface PostalCode {
  /** Of the code in capitals without spaces and hyphens. */
  readonly pattern: RegExp;
  /** Where the separator goes; negative: counted from the end. Absent: the code is written in one piece. */
  readonly splitAt?: number;
  readonly separator?: " " | "-";
  readonly example: string;
}

export interface AddressFormat {
  /** Fields that share an array stand side by side where there is room. */
  readonly rows: readonly (readonly AddressField[])[];
  readonly postalCode: PostalCode;
  readonly postalKind: PostalKind;
  readonly regionKind: RegionKind;
  readonly regionRequired: boolean;
  /** A closed list to choose from; empty: typed. */
  readonly regions: readonly Region[];
}

type Style = Omit<AddressFormat, "postalCode">;

const plain = { postalKind: "postal_code", regionKind: "region", regionRequired: false, regions: [] } as const;
const CODE_BEFORE_CITY: Style = {
  ...plain,
  rows: [["name"], ["line1"], ["line2"], ["postal_code", "city"], ["phone"]],
};
const WITH_PROVINCE: Style = {
  ...CODE_BEFORE_CITY,
  rows: [["name"], ["line1"], ["line2"], ["postal_code", "city"], ["region"], ["phone"]],
  regionKind: "province",
};
const BRITISH: Style = {
  ...plain,
  rows: [["name"], ["line1"], ["line2"], ["city", "postal_code"], ["phone"]],
  postalKind: "postcode",
};
const IRISH: Style = {
  ...plain,
  rows: [["name"], ["line1"], ["line2"], ["city"], ["region", "postal_code"], ["phone"]],
  postalKind: "eircode",
  regionKind: "county",
};
const AMERICAN: Style = {
  rows: [["name"], ["line1"], ["line2"], ["city"], ["region", "postal_code"], ["phone"]],
  postalKind: "zip",
  regionKind: "state",
  regionRequired: true,
  regions: US_STATES,
};
const CANADIAN: Style = { ...AMERICAN, postalKind: "postal_code", regionKind: "province", regions: CA_PROVINCES };
const AUSTRALIAN: Style = { ...AMERICAN, postalKind: "postcode", regions: AU_STATES };
/** From the large to the small. */
const JAPANESE: Style = {
  rows: [["name"], ["postal_code", "region"], ["city"], ["line1"], ["line2"], ["phone"]],
  postalKind: "postal_code",
  regionKind: "prefecture",
  regionRequired: true,
  regions: JP_PREFECTURES,
};
const TYPED_STATE: Style = { ...AMERICAN, postalKind: "postal_code", regions: [] };

const digits = (count: number, example: string): PostalCode => ({ pattern: new RegExp(`^\\d{${count}}$`), example });
const split = (pattern: RegExp, splitAt: number, separator: " " | "-", example: string): PostalCode => ({
  pattern,
  splitAt,
  separator,
  example,
});
const threeAndTwo = (example: string) => split(/^\d{5}$/, 3, " ", example);

const FORMATS: Readonly<Record<string, readonly [Style, PostalCode]>> = {
  AT: [CODE_BEFORE_CITY, digits(4, "1010")],
  AU: [AUSTRALIAN, digits(4, "2000")],
  BE: [CODE_BEFORE_CITY, digits(4, "1000")],
  BG: [CODE_BEFORE_CITY, digits(4, "1000")],
  BR: [TYPED_STATE, split(/^\d{8}$/, 5, "-", "01310-100")],
  CA: [CANADIAN, split(/^[ABCEGHJ-NPRSTVXY]\d[A-Z]\d[A-Z]\d$/, 3, " ", "K1A 0B1")],
  CH: [CODE_BEFORE_CITY, digits(4, "8001")],
  CY: [CODE_BEFORE_CITY, digits(4, "1010")],
  CZ: [CODE_BEFORE_CITY, threeAndTwo("110 00")],
  DE: [CODE_BEFORE_CITY, digits(5, "10115")],
  DK: [CODE_BEFORE_CITY, digits(4, "1050")],
  EE: [CODE_BEFORE_CITY, digits(5, "10111")],
  ES: [WITH_PROVINCE, digits(5, "28013")],
  FI: [CODE_BEFORE_CITY, digits(5, "00100")],
  FR: [CODE_BEFORE_CITY, digits(5, "75001")],
  GB: [BRITISH, split(/^(?:GIR0AA|[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2})$/, -3, " ", "SW1A 1AA")],
  GR: [CODE_BEFORE_CITY, threeAndTwo("105 57")],
  HR: [CODE_BEFORE_CITY, digits(5, "10000")],
  HU: [CODE_BEFORE_CITY, digits(4, "1051")],
  IE: [IRISH, split(/^[AC-FHKNPRTV-Y]\d[\dW][\dAC-FHKNPRTV-Y]{4}$/, 3, " ", "D02 AF30")],
  IN: [TYPED_STATE, digits(6, "110001")],
  IS: [CODE_BEFORE_CITY, digits(3, "101")],
  IT: [WITH_PROVINCE, digits(5, "00184")],
  JP: [JAPANESE, split(/^\d{7}$/, 3, "-", "150-0001")],
  KR: [TYPED_STATE, digits(5, "03187")],
  LI: [CODE_BEFORE_CITY, digits(4, "9490")],
  LT: [CODE_BEFORE_CITY, split(/^LT\d{5}$/, 2, "-", "LT-01108")],
  LU: [CODE_BEFORE_CITY, digits(4, "1009")],
  LV: [CODE_BEFORE_CITY, split(/^LV\d{4}$/, 2, "-", "LV-1010")],
  MC: [CODE_BEFORE_CITY, digits(5, "98000")],
  MT: [CODE_BEFORE_CITY, split(/^[A-Z]{3}\d{4}$/, 3, " ", "VLT 1117")],
  MX: [TYPED_STATE, digits(5, "06000")],
  MY: [TYPED_STATE, digits(5, "50050")],
  NL: [CODE_BEFORE_CITY, split(/^\d{4}[A-Z]{2}$/, 4, " ", "1012 JS")],
  NO: [CODE_BEFORE_CITY, digits(4, "0150")],
  NZ: [{ ...BRITISH, postalKind: "postcode" }, digits(4, "6011")],
  PL: [CODE_BEFORE_CITY, split(/^\d{5}$/, 2, "-", "00-001")],
  PT: [CODE_BEFORE_CITY, split(/^\d{7}$/, 4, "-", "1000-001")],
  RO: [CODE_BEFORE_CITY, digits(6, "010011")],
  SE: [CODE_BEFORE_CITY, threeAndTwo("111 20")],
  SG: [{ ...BRITISH, postalKind: "postal_code" }, digits(6, "018956")],
  SI: [CODE_BEFORE_CITY, digits(4, "1000")],
  SK: [CODE_BEFORE_CITY, threeAndTwo("811 01")],
  TH: [TYPED_STATE, digits(5, "10200")],
  TW: [CODE_BEFORE_CITY, { pattern: /^\d{3}(?:\d{2,3})?$/, example: "100" }],
  US: [AMERICAN, { pattern: /^\d{5}(?:\d{4})?$/, splitAt: 5, separator: "-", example: "94107" }],
  ZA: [{ ...BRITISH, postalKind: "postal_code" }, digits(4, "8001")],
};

/** ISO 3166-1 alpha-2, in no order that a shopper would want. */
export const CHECKOUT_COUNTRIES: readonly string[] = Object.keys(FORMATS);

const FALLBACK: AddressFormat = {
  ...CODE_BEFORE_CITY,
  postalCode: { pattern: /^[A-Z0-9]{1,16}$/, example: "12345" },
};

/** Of a country that the checkout does not offer: a form that refuses little, until a country is chosen. */
export function addressFormat(country: string): AddressFormat {
  const found = Object.hasOwn(FORMATS, country) ? FORMATS[country] : undefined;
  return found === undefined ? FALLBACK : { ...found[0], postalCode: found[1] };
}

/** `sw1a1aa` → `SW1A 1AA`, `１５０ー０００１` → `150-0001`; undefined when it is not a code of the country. */
export function postalCodeIn(format: AddressFormat, typed: string): string | undefined {
  const { pattern, splitAt, separator } = format.postalCode;
  const compact = typed
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Pd}ー〒]/gu, "");
  if (!pattern.test(compact)) return undefined;
  if (splitAt === undefined || separator === undefined) return compact;
  const place = splitAt < 0 ? compact.length + splitAt : splitAt;
  return compact.length <= place ? compact : `${compact.slice(0, place)}${separator}${compact.slice(place)}`;
}
