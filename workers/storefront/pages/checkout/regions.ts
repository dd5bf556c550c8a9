/** States, provinces and prefectures of the countries whose addresses need one. Facts of ISO 3166-2. Pure. */
import type { Locale } from "../../page-context.ts";

export interface Region {
  /** What goes onto the parcel: `CA`, or the name where names are written. */
  readonly value: string;
  readonly label: string;
  /** As Japanese writes it. */
  readonly japanese?: string;
}

/** `CA=California` */
function listed(text: string): Region[] {
  return text
    .trim()
    .split(/\s*,\s*/)
    .map((entry) => {
      const [value = "", label = value] = entry.split("=");
      return { value, label };
    });
}

export const US_STATES: readonly Region[] = listed(`
AL=Alabama, AK=Alaska, AZ=Arizona, AR=Arkansas, CA=California, CO=Colorado, CT=Connecticut, DE=Delaware,
DC=District of Columbia, FL=Florida, GA=Georgia, HI=Hawaii, ID=Idaho, IL=Illinois, IN=Indiana, IA=Iowa, KS=Kansas,
KY=Kentucky, LA=Louisiana, ME=Maine, MD=Maryland, MA=Massachusetts, MI=Michigan, MN=Minnesota, MS=Mississippi,
MO=Missouri, MT=Montana, NE=Nebraska, NV=Nevada, NH=New Hampshire, NJ=New Jersey, NM=New Mexico, NY=New York,
NC=North Carolina, ND=North Dakota, OH=Ohio, OK=Oklahoma, OR=Oregon, PA=Pennsylvania, RI=Rhode Island,
SC=South Carolina, SD=South Dakota, TN=Tennessee, TX=Texas, UT=Utah, VT=Vermont, VA=Virginia, WA=Washington,
WV=West Virginia, WI=Wisconsin, WY=Wyoming`);

export const CA_PROVINCES: readonly Region[] = listed(`
AB=Alberta, BC=British Columbia, MB=Manitoba, NB=New Brunswick, NL=Newfoundland and Labrador, NT=Northwest Territories,
NS=Nova Scotia, NU=Nunavut, ON=Ontario, PE=Prince Edward Island, QC=Quebec, SK=Saskatchewan, YT=Yukon`);

export const AU_STATES: readonly Region[] = listed(`
ACT=Australian Capital Territory, NSW=New South Wales, NT=Northern Territory, QLD=Queensland, SA=South Australia,
TAS=Tasmania, VIC=Victoria, WA=Western Australia`);

/** From north to south, as lists of them stand in Japan. */
export const JP_PREFECTURES: readonly Region[] = listed(`
北海道=Hokkaido, 青森県=Aomori, 岩手県=Iwate, 宮城県=Miyagi, 秋田県=Akita, 山形県=Yamagata, 福島県=Fukushima, 茨城県=Ibaraki,
栃木県=Tochigi, 群馬県=Gunma, 埼玉県=Saitama, 千葉県=Chiba, 東京都=Tokyo, 神奈川県=Kanagawa, 新潟県=Niigata, 富山県=Toyama,
石川県=Ishikawa, 福井県=Fukui, 山梨県=Yamanashi, 長野県=Nagano, 岐阜県=Gifu, 静岡県=Shizuoka, 愛知県=Aichi, 三重県=Mie,
滋賀県=Shiga, 京都府=Kyoto, 大阪府=Osaka, 兵庫県=Hyogo, 奈良県=Nara, 和歌山県=Wakayama, 鳥取県=Tottori, 島根県=Shimane,
岡山県=Okayama, 広島県=Hiroshima, 山口県=Yamaguchi, 徳島県=Tokushima, 香川県=Kagawa, 愛媛県=Ehime, 高知県=Kochi,
福岡県=Fukuoka, 佐賀県=Saga, 長崎県=Nagasaki, 熊本県=Kumamoto, 大分県=Oita, 宮崎県=Miyazaki, 鹿児島県=Kagoshima,
沖縄県=Okinawa`).map(({ value, label }) => ({ value: label, label, japanese: value }));

/** Options in the page's language. Japanese pages write Japanese addresses. */
export function regionOptions(regions: readonly Region[], locale: Locale): { readonly value: string; readonly label: string }[] {
  return regions.map(({ value, label, japanese }) =>
    locale === "ja" && japanese !== undefined ? { value: japanese, label: japanese } : { value, label },
  );
}

/** What was typed or saved in any writing, as the page's language writes it; undefined when there is no such region. */
export function regionValue(regions: readonly Region[], typed: string, locale: Locale): string | undefined {
  const wanted = typed.trim().toLowerCase();
  const index = regions.findIndex(({ value, label, japanese }) =>
    [value, label, japanese].some((name) => name?.toLowerCase() === wanted),
  );
  return regionOptions(regions, locale)[index]?.value;
}
