import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { defaultFailover } from '@/lib/diversion/default-failover';
import {
  testEstate,
  testLoadBalancer,
  testRecord,
  testRule,
  testSwitch,
  testTarget,
} from '@/testing/plan/test-estate';
import { failoverScript, type ScriptSettings } from './failover-script';

const bound = {
  namespace: 'flash',
  name: 'storefront',
  qualifier: '1',
  qualifierType: 'VERSION',
  weight: 10,
};
const rules = [
  testRule('loc-flash', 'lb-cvm', 'flash.example.co.id', { targets: [testTarget()] }),
  testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions: [bound] }),
];
const estate = testEstate({ rules });
const make = (change: Partial<Parameters<typeof failoverScript>[0]> = {}) =>
  failoverScript({
    estate,
    diversion: testSwitch(),
    policy: defaultFailover,
    originalTtls: [],
    keepAliveS: 0,
    findings: [],
    ...change,
  });

function parseSettings(script: string): ScriptSettings {
  const [, json = ''] = /^const settings = (\{.*?^\});$/ms.exec(script) ?? [];
  return JSON.parse(json);
}

describe('failoverScript', () => {
  it('contains the calls of the plan and the state after each, starting with the currently serving side', () => {
    const made = make();
    const settings = parseSettings(made.ok ? made.value : '');
    expect(settings).toMatchObject({ from: 'cvm', to: 'function', domain: 'flash.example.co.id' });
    const [line] = settings.lines;
    expect(line?.calls.map(({ action, params }) => [action, params.Status])).toEqual([
      ['CreateRecord', 'DISABLE'],
      ['ModifyRecordStatus', 'ENABLE'],
      ['ModifyRecordStatus', 'DISABLE'],
    ]);
    // The gaining side is enabled before the losing one is disabled.
    const on = line?.states.map((records) => records.filter((r) => r.enabled).map((r) => r.value));
    expect(on).toEqual([['127.77.1.1'], ['127.77.1.1'], ['127.77.1.1', '127.77.1.2'], ['127.77.1.2']]);
  });

  it('names losses at the top, and writes nothing before they are accepted', () => {
    const made = make({ findings: [{ kind: 'loss', text: 'Still served: HTTPS:443 */\nprocess.exit(7)' }] });
    const script = made.ok ? made.value : '';
    expect(script.split('\n').slice(1, 3)).toEqual([
      '// LOSSES that were acknowledged: clients get errors.',
      '//   - Still served: HTTPS:443 */ process.exit(7)',
    ]);
    const run = (accept: string, ...options: string[]) =>
      spawnSync(process.execPath, ['--input-type=module', '-', ...options], {
        input: script,
        encoding: 'utf8',
        // Without a key, nothing is asked.
        env: { ...process.env, TENCENTCLOUD_SECRET_ID: '', SPILLWAY_ACCEPT: accept },
      });
    expect(run('yes', '--once')).toMatchObject({ status: 2, stderr: expect.stringContaining('see LOSSES') });
    const goesOn = { status: 2, stderr: expect.stringContaining('set TENCENTCLOUD_SECRET_ID') };
    expect(run('flash.example.co.id', '--once')).toMatchObject(goesOn);
    expect(run('', '--once', '--dry-run')).toMatchObject(goesOn);
  });

  it('moves in the other direction if the function serves', () => {
    const moved = testEstate({ rules, records: [testRecord(12, 'flash', '127.77.1.2')] });
    const made = make({ estate: moved });
    expect(parseSettings(made.ok ? made.value : '')).toMatchObject({ from: 'function', to: 'cvm' });
  });

  it.each([
    ['notBound', { estate: testEstate({ rules: rules.slice(0, 1) }) }],
    ['sideGone', { estate: testEstate({ rules: [] }) }],
    [
      'noAddress',
      {
        estate: testEstate({
          rules,
          records: [],
          loadBalancers: [
            testLoadBalancer('lb-cvm', { vips: [] }),
            testLoadBalancer('lb-scf', { vips: ['127.77.1.2'] }),
          ],
        }),
      },
    ],
    ['nothingToMove', { estate: testEstate({ rules, zones: [] }) }],
    ['capacity', { policy: { ...defaultFailover, capacity: [{ measure: 'throttles', limit: 1 }] } }],
  ] as const)('returns the reason %s instead of a script that can’t work', (error, change) => {
    expect(make(change as Partial<Parameters<typeof failoverScript>[0]>)).toEqual({ ok: false, error });
  });

  it.each(['*/ process.exit(0) /*', '`\\`', '"};\n};process.exit(0);', '\u2028\\'])(
    'executes no account text such as %j',
    (expectedBody) => {
      const made = make({
        diversion: {
          ...testSwitch(),
          routes: testSwitch().routes.map((route) =>
            route.to === 'function' ? { ...route, expectedBody } : route,
          ),
        },
      });
      const { probes } = parseSettings(made.ok ? made.value : '');
      expect(probes.receiving.expect.bodyContains).toBe(expectedBody);
    },
  );
});
