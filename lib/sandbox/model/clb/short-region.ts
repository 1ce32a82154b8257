/** Short region names, as in https://www.tencentcloud.com/document/product/457/18638. */
const shortRegions: Readonly<Record<string, string>> = {
  'ap-bangkok': 'th',
  'ap-beijing': 'bj',
  'ap-chengdu': 'cd',
  'ap-chongqing': 'cq',
  'ap-guangzhou': 'gz',
  'ap-hongkong': 'hk',
  'ap-jakarta': 'jkt',
  'ap-mumbai': 'in',
  'ap-nanjing': 'nj',
  'ap-seoul': 'kr',
  'ap-shanghai': 'sh',
  'ap-shanghai-fsi': 'shjr',
  'ap-shenzhen-fsi': 'szjr',
  'ap-singapore': 'sg',
  'ap-tokyo': 'jp',
  'eu-frankfurt': 'de',
  'na-ashburn': 'use',
  'na-siliconvalley': 'usw',
  'na-toronto': 'ca',
  'sa-saopaulo': 'sao',
};

/** Returns the short name of a region, as in domain names and in the names of CLB triggers; a region without one keeps its code. */
export function shortRegion(region: string): string {
  return shortRegions[region] ?? region;
}
