import { expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { findingsAbout, unreadConfigs } from '@/testing/preflight/test-function-checks';

type Given = Parameters<typeof findingsAbout>[1];

it.each<[Given, string, string, object]>([
  [{ fn: { timeoutS: 60 }, config: null }, 'pass', 'pass', { seconds: 60, waitS: 60 }],
  [{ fn: { timeoutS: 61 }, config: null }, 'warn', 'longer', { seconds: 61, waitS: 60 }],
  [{ fn: { timeoutS: 900 }, config: { readTimeoutS: 900 } }, 'pass', 'pass', { waitS: 900 }],
  [{ fn: { timeoutS: 40 }, config: { readTimeoutS: 30 } }, 'warn', 'longer', { waitS: 30 }],
  [{ more: unreadConfigs }, 'unknown', 'unread', { seconds: 3 }],
])('%j', (given, status, why, values) => {
  const findings = findingsAbout('function-timeout', given);
  expect(findings).toMatchObject([
    { status, why: `function-timeout.${why}`, field: 'routes.1.function', values },
  ]);
  expect(findings.some(stops)).toBe(false);
});

it('reports nothing for a missing function', () => {
  expect(findingsAbout('function-timeout', { more: { functions: [] } })).toEqual([]);
});
