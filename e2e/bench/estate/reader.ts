import { CloudConnection } from '@/lib/cloud/connection';
import type { CloudCall } from '@/lib/cloud/deps';
import { allowedRate } from '@/lib/cloud/rates';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { timePlans } from './plans';
import type { BenchReading } from './report';

/** Syncs an account twice, plans over it, and reports the cost in one line of JSON. */
const [endpoint, secretId, secretKey] = process.argv.slice(2);
const connection = CloudConnection.parse({
  id: 'bench',
  name: 'Bench',
  kind: 'sandbox',
  endpoint,
  secretId,
  secretKey,
  dns: null,
  portOffset: 0,
  regions: ['ap-singapore', 'ap-guangzhou', 'ap-jakarta', 'ap-tokyo'],
  namespaces: ['default', 'team-1', 'team-2'],
});

const calls = new Map<string, BenchReading['calls'][number]>();
const answerMs: number[] = [];
let throttles = 0;
let isFirst = true;
function onCall({ service, action, region, code, durationMs }: CloudCall): void {
  if (code?.startsWith('RequestLimitExceeded')) throttles += 1;
  if (!isFirst) return;
  answerMs.push(durationMs);
  const name = `${service}/${action}`;
  const key = `${name}/${region ?? ''}`;
  const known = calls.get(key) ?? {
    action: name,
    region,
    count: 0,
    perSecond: allowedRate(service, action),
  };
  calls.set(key, { ...known, count: known.count + 1 });
}

const log = { debug: () => {}, info: () => {}, warn: () => {} };
const cloud = createTencentCloud(connection, { now: () => new Date(), log, onCall });
const begin = performance.now();
const estate = await cloud.readEstate(() => {});
const readMs = performance.now() - begin;
const memoryMb = process.resourceUsage().maxRSS / 1024;
isFirst = false;
const beginAgain = performance.now();
await cloud.readEstate(() => {});
const readAgainMs = performance.now() - beginAgain;

const { zones, records, loadBalancers, listeners, rules, functions, instances } = estate;
const targets = rules.reduce((sum, rule) => sum + rule.targets.length, 0);
const reading: BenchReading = {
  readMs,
  readAgainMs,
  answerMs,
  throttles,
  memoryMb,
  gaps: estate.gaps.length,
  calls: [...calls.values()],
  counts: {
    'load balancers': loadBalancers.length,
    listeners: listeners.length,
    rules: rules.length,
    targets,
    functions: functions.length,
    instances: instances.length,
    zones: zones.length,
    records: records.length,
  },
  planMs: timePlans(estate, 300),
};
console.log(JSON.stringify(reading));
// Kept-alive connections would keep the process running, and its parent waits for its end.
process.exit();
