import { ApiError, missingParameter } from './api-error';
import type { ApiRoute, ServiceName } from './dispatch';

/**
 * Services that respond the same everywhere and take no region: DNSPod
 * (https://cloud.tencent.com/document/api/1427/56180), STS, CAM (https://cloud.tencent.com/document/api/598/34570)
 * and tags (https://cloud.tencent.com/document/api/651/35316).
 */
const globalServices: ReadonlySet<ServiceName> = new Set(['dnspod', 'igtm', 'sts', 'cam', 'tag', 'ssl']);

/**
 * Returns the region of a request; `''` for actions that have none.
 * @throws ApiError MissingParameter, UnsupportedRegion
 */
export function resolveRegion(route: ApiRoute, header: string | undefined): string {
  if (globalServices.has(route.service)) return '';
  if (!header) throw missingParameter('The request is missing a required parameter `Region`.');
  if (!regionTable.has(header)) {
    throw new ApiError(
      'UnsupportedRegion',
      `The service ${route.service} does not support the region \`${header}\`.`,
    );
  }
  return header;
}

/**
 * Returns the language of names: Chinese when requested; without the header it is English:
 * https://cloud.tencent.com/document/api/213/15707.
 */
export function parseLanguage(header: string | undefined): Language {
  return header === 'zh-CN' ? 'zh' : 'en';
}

/** A region and its availability zones. */
export type CloudRegion = {
  readonly code: string;
  /** The name of its zones, without their number. */
  readonly city: { readonly en: string; readonly zh: string };
  /** A zone's id is this plus the zone's number. */
  readonly zoneIdBase: number;
  /** The numbers of its zones. */
  readonly zones: readonly number[];
  readonly soldOut: readonly number[];
};

type Row = readonly [
  code: string,
  cityEn: string,
  cityZh: string,
  zoneIdBase: number,
  zones: readonly number[],
  soldOut?: readonly number[],
];

/**
 * Names: https://www.tencentcloud.com/document/product/213/6091; zones and which are sold out: `ZoneInfo` of
 * https://cloud.tencent.com/document/api/213/15753. Zone ids follow the examples of DescribeZones (Guangzhou Zone 3 is
 * 100003, Beijing Zone 3 is 800003); where no page shows one, we chose the base.
 */
const rows: readonly Row[] = [
  ['ap-guangzhou', 'Guangzhou', '广州', 100_000, [1, 2, 3, 4, 6, 7], [1, 2]],
  ['ap-shenzhen-fsi', 'Shenzhen Finance', '深圳金融', 110_000, [1, 2, 3], [3]],
  ['ap-shanghai', 'Shanghai', '上海', 200_000, [2, 3, 4, 5, 8]],
  ['ap-shanghai-fsi', 'Shanghai Finance', '上海金融', 700_000, [1, 2, 3]],
  ['ap-nanjing', 'Nanjing', '南京', 330_000, [1, 2, 3]],
  ['ap-beijing', 'Beijing', '北京', 800_000, [1, 3, 4, 5, 6, 7], [1]],
  ['ap-chengdu', 'Chengdu', '成都', 160_000, [1, 2]],
  ['ap-chongqing', 'Chongqing', '重庆', 190_000, [1]],
  ['ap-hongkong', 'Hong Kong', '中国香港', 300_000, [1, 2, 3], [1]],
  ['ap-singapore', 'Singapore', '新加坡', 900_000, [1, 2, 3, 4]],
  ['ap-jakarta', 'Jakarta', '雅加达', 720_000, [1, 2]],
  ['ap-bangkok', 'Bangkok', '曼谷', 230_000, [1, 2]],
  ['ap-mumbai', 'Mumbai', '孟买', 210_000, [1, 2]],
  ['ap-seoul', 'Seoul', '首尔', 180_000, [1, 2]],
  ['ap-tokyo', 'Tokyo', '东京', 250_000, [1, 2]],
  ['na-siliconvalley', 'Silicon Valley', '硅谷', 150_000, [1, 2]],
  ['na-ashburn', 'Virginia', '弗吉尼亚', 220_000, [1, 2]],
  ['na-toronto', 'Toronto', '多伦多', 400_000, [1]],
  ['sa-saopaulo', 'Sao Paulo', '圣保罗', 740_000, [1]],
  ['eu-frankfurt', 'Frankfurt', '法兰克福', 170_000, [1, 2]],
];

/** Every region of the sandbox, by code. */
const regionTable: ReadonlyMap<string, CloudRegion> = new Map(
  rows.map(([code, cityEn, cityZh, zoneIdBase, zones, soldOut = []]) => [
    code,
    {
      code,
      city: { en: cityEn, zh: cityZh },
      zoneIdBase,
      zones,
      soldOut,
    },
  ]),
);

/** `X-TC-Language` of a request: https://cloud.tencent.com/document/api/598/33158 */
export type Language = 'en' | 'zh';

export type CloudZone = {
  readonly code: string;
  readonly id: string;
  readonly name: string;
  readonly state: string;
};

const numerals = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/** Returns the zones of a region as APIs show them; none if the region does not exist. */
export function listRegionZones(code: string, language: Language): CloudZone[] {
  const region = regionTable.get(code);
  if (region === undefined) return [];
  return region.zones.map((number) => ({
    code: `${region.code}-${number}`,
    id: String(region.zoneIdBase + number),
    name: language === 'zh' ? `${region.city.zh}${numerals[number]}区` : `${region.city.en} Zone ${number}`,
    state: region.soldOut.includes(number) ? 'UNAVAILABLE' : 'AVAILABLE',
  }));
}
