import { expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { findingsAbout, unreadConfigs } from '@/testing/preflight/test-function-checks';

type Given = Parameters<typeof findingsAbout>[1];

it.each<[Given, string, string]>([
  [{ config: null }, 'pass', 'pass'],
  [{ config: { bodyMaxMb: 6 } }, 'pass', 'fits'],
  [{ config: { bodyMaxMb: 7 } }, 'warn', 'larger'],
  [{ more: unreadConfigs }, 'unknown', 'unread'],
])('%j', (given, status, why) => {
  const findings = findingsAbout('request-size', given);
  expect(findings).toMatchObject([{ status, why: `request-size.${why}`, field: 'routes.1.rule' }]);
  expect(findings.some(stops)).toBe(false);
});
