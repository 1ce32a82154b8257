import { expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { testSplit } from '@/testing/plan/test-estate';
import { findingsAbout } from '@/testing/preflight/test-function-checks';

const place = { region: 'ap-singapore', namespace: 'flash', name: 'storefront' };
const warm = (qualifier: string, provisioned: number | null = 5) => ({
  diversion: testSplit({ function: { ...place, qualifier }, provisioned }),
});
const alias = (version: string, additional: object | null = null) => ({
  fn: { aliases: [{ name: 'live', version, additional }] },
});

it.each<[Parameters<typeof findingsAbout>[1], string, string]>([
  [warm('1'), 'pass', 'pass'],
  [{ ...warm('live'), ...alias('1') }, 'pass', 'pass'],
  [warm('$LATEST'), 'block', 'latest'],
  [{ ...warm('live'), ...alias('$LATEST') }, 'block', 'latest'],
  [{ ...warm('live'), ...alias('1', { version: '2', weight: 0.25 }) }, 'warn', 'split'],
])('%j', (given, status, why) => {
  const findings = findingsAbout('warm-version', given);
  expect(findings).toMatchObject([{ status, why: `warm-version.${why}`, field: 'routes.1.provisioned' }]);
  expect(findings.some(stops)).toBe(status === 'block');
});

it('reports the share of calls without warm instances', () => {
  const given = { ...warm('live'), ...alias('1', { version: '2', weight: 0.25 }) };
  expect(findingsAbout('warm-version', given)[0]?.values).toMatchObject({ other: '2', percent: 25 });
});

it('blocks if the plan can’t determine the version to keep warm', () => {
  const [finding] = findingsAbout('warm-version', { ...warm('live'), fn: { aliases: null } });
  expect(finding).toMatchObject({ status: 'unknown', why: 'warm-version.unread' });
  expect(finding && stops(finding)).toBe(true);
});

it('reports nothing without warm instances, or if the alias is missing, which is reported elsewhere', () => {
  expect(findingsAbout('warm-version', warm('$LATEST', null))).toEqual([]);
  expect(findingsAbout('warm-version', { ...warm('gone'), ...alias('1') })).toEqual([]);
});
