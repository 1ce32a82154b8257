/**
 * The lines of DNSPod: groups of clients, by carrier and region, that may each get their own records. Ids and names:
 * https://cloud.tencent.com/document/api/1427/104320 (the official example, which lists China Telecom in full),
 * https://cloud.tencent.com/document/api/1427/56167, and the earlier API, https://github.com/DNSPod/dnspod-api-doc.
 */
export type Line = {
  readonly id: string;
  readonly name: string;
  /** The lowest plan that may use it. */
  readonly plan: 'DP_FREE' | 'DP_EXPERT';
  /** The wider line whose records its clients get if it has none; null = the default line itself. */
  readonly wider: string | null;
};

export const defaultLineId = '0';

const basic = (id: string, name: string, wider: string | null): Line => ({
  id,
  name,
  plan: 'DP_FREE',
  wider,
});

const basicLines: readonly Line[] = [
  basic('0', '默认', null),
  basic('7=0', '境内', '0'),
  basic('3=0', '境外', '0'),
  basic('10=0', '电信', '7=0'),
  basic('10=1', '联通', '7=0'),
  basic('10=2', '教育网', '7=0'),
  basic('10=3', '移动', '7=0'),
  basic('80=0', '搜索引擎', '0'),
  basic('90=0', '百度', '80=0'),
  basic('90=1', '谷歌', '80=0'),
  basic('90=2', '有道', '80=0'),
  basic('90=3', '必应', '80=0'),
  basic('90=4', '搜搜', '80=0'),
  basic('90=5', '搜狗', '80=0'),
  basic('90=6', '奇虎', '80=0'),
];

/** Provinces of China Telecom in the order of their ids, `20=0`, `20=2` … `20=60`, each with its region's number. */
const telecomProvinces =
  '安徽8 北京0 重庆20 福建8 甘肃24 广东16 广西16 贵州20 海南16 河北0 河南12 黑龙江4 湖北12 湖南12 吉林4 江苏8 江西8 辽宁4 内蒙0 宁夏24 青海24 山东8 山西0 陕西24 上海8 四川20 天津0 西藏20 新疆24 云南20 浙江8';
const telecomRegions = ['华北', '东北', '华东', '华中', '华南', '西南', '西北'];

const telecomLines: readonly Line[] = [
  ...telecomProvinces.split(' ').map((entry, index): Line => {
    const [, name = '', region = ''] = /^(\D+)(\d+)$/.exec(entry) ?? [];
    return { id: `20=${index * 2}`, name: `${name}电信`, plan: 'DP_EXPERT', wider: `16=${region}` };
  }),
  ...telecomRegions.map(
    (name, index): Line => ({
      id: `16=${index * 4}`,
      name: `${name}电信`,
      plan: 'DP_EXPERT',
      wider: '10=0',
    }),
  ),
];

export const lines: readonly Line[] = [...basicLines, ...telecomLines];

const byId: ReadonlyMap<string, Line> = new Map(lines.map((line) => [line.id, line]));

/** Returns a line by its id; null if it does not exist. */
export function lineWithId(id: string): Line | null {
  return byId.get(id) ?? null;
}

/**
 * Returns the lines whose records a client of the line may get, the most specific one first, the default line last:
 * https://docs.dnspod.cn/igtm/qa-strategy. An unknown line has no records: the default line serves its clients.
 */
export function lineChain(id: string): readonly string[] {
  const chain: string[] = [];
  for (let line = lineWithId(id); line !== null; line = line.wider === null ? null : lineWithId(line.wider)) {
    chain.push(line.id);
  }
  return chain.length > 0 ? chain : [defaultLineId];
}
