import { describe, expect, it } from 'vitest';
import { resolveDiversion } from '@/lib/plan/model/resolve-route';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { noConditions } from '@/lib/preflight/model/conditions';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testRecord, testSplit } from '@/testing/plan/test-estate';
import { checkDnsLines } from './dns-lines';

const telecom = { line: '电信', lineId: '10=0' };
const shop = testRecord(11, 'shop', '127.77.1.1');
const flash = testRecord(12, 'flash', '127.77.1.1');
const onTelecom = testRecord(13, 'flash', '127.77.1.9', telecom);
const plan = (...ids: readonly string[]) => [
  { grade: 'DP_ULTRA', lines: ids.map((id) => ({ id, name: `line ${id}` })) },
];

function checkLines(change: object) {
  const estate = testEstate({ records: [shop, flash, onTelecom], ...change });
  return preflight({ estate, diversion: testSplit() }).filter((f) => f.check === 'dns-lines');
}

describe('dns-lines', () => {
  it.each([
    ['one line, whatever the plan has', { records: [shop, flash] }, 'pass', 'defaultLine'],
    ['two lines that the plan has', { dnsLines: plan('0', '10=0') }, 'pass', 'pass'],
    ['a line that the plan has no more', { dnsLines: plan('0') }, 'warn', 'notInPlan'],
    ['lines that could not be read', {}, 'unknown', 'unread'],
  ])('%s', (_, change, status, why) => {
    const found = checkLines(change);
    expect(found).toMatchObject([{ status, why: `dns-lines.${why}`, objects: ['flash.example.co.id'] }]);
    expect(found.filter(stops)).toEqual([]);
  });

  it('ignores names that the plan does not move', () => {
    expect(checkLines({ records: [shop, testRecord(12, 'flash', '127.77.1.2')] })).toEqual([]);
  });

  it('blocks if a line keeps its old answers', () => {
    const estate = testEstate({ records: [shop, flash, onTelecom], dnsLines: plan('0', '10=0') });
    const diversion = testSplit();
    const planned = planDiversion({ estate, diversion, keepAliveS: 0 });
    const found = resolveDiversion(estate, diversion);
    if (!planned.ok || !found.ok) throw new Error('the Split can be planned');
    const isTelecom = (object: { readonly kind: string; readonly lineId?: string }) =>
      object.lineId === telecom.lineId;
    const steps = planned.value.steps.filter((step) => step.kind !== 'write' || !isTelecom(step.object));
    const input = {
      estate,
      before: estate,
      diversion,
      routes: found.value.resolved,
      problems: [],
      conditions: noConditions(estate),
      steps,
      rollback: [],
    };
    expect(checkDnsLines(input)).toMatchObject([
      { status: 'block', why: 'dns-lines.left', objects: ['13'], values: { lines: '电信' } },
    ]);
  });
});
