import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlaceholder } from '@/lib/diversion/creates';
import type { ParamValue } from '@/lib/estate/call';
import type { Plan, Step, WriteStep } from '@/lib/plan/model/model';
import { stepWords } from '@/lib/plan/model/words';
import { checkShape } from '@/lib/sandbox/api/validate';
import type { ApiRoute } from '@/lib/sandbox/model/dispatch';
import { anyPlan, anyText, testPlan } from '@/testing/plan/export/test-plans';
import { type ScriptHead, tccliScript } from './tccli-script';

type Way = 'steps' | 'rollback';
const head: ScriptHead = {
  title: 'A plan',
  hash: 'ab',
  takenAt: '2026-12-11T14:14:02.000Z',
  accountUin: '100000000001',
  findings: [],
};
const words = (step: Step) => stepWords(step).key;
const buildScript = (
  plan: Pick<Plan, 'steps' | 'rollback'>,
  way: Way = 'steps',
  change: Partial<ScriptHead> = {},
) => tccliScript({ head: { ...head, ...change }, plan, way, words });

type Called = {
  readonly service: string;
  readonly action: string;
  readonly region: string;
  readonly body: string;
};

/** Returns the calls of a script, taken from its own lines. */
function listCalls(script: string): readonly Called[] {
  const lines = /^call (\S+) (\S+) (\S+)(?: .*)? <<'JSON'\n([\s\S]*?)\nJSON$/gm;
  return [...script.matchAll(lines)].map(([, service = '', action = '', region = '', body = '']) => ({
    service,
    action,
    region: region === "''" ? '' : region,
    body,
  }));
}

const isWrite = (step: Step): step is WriteStep => step.kind === 'write';

/** Substitutes ids, as the script does. */
function withIds(value: ParamValue, service: string): ParamValue {
  if (typeof value === 'string') return isPlaceholder(value) && value !== '@' ? 'loc-907' : value;
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((inner: ParamValue) => withIds(inner, service));
  if ('$id' in value) return service === 'dnspod' ? 907 : 'loc-907';
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withIds(inner as ParamValue, service)]),
  );
}

function checkSyntax(script: string): void {
  const { stderr, status } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
}

describe('tccliScript', () => {
  it('property: makes the calls of the plan, each as the SDK declares it, in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan, fc.constantFrom('steps' as const, 'rollback' as const), async (plan, way) => {
        const calls = listCalls(await buildScript(plan, way));
        const writes = plan[way].filter(isWrite);
        expect(calls.map(({ action }) => action)).toEqual(writes.map(({ call }) => call.action));
        calls.forEach(({ service, action, region, body }, i) => {
          const call = writes[i]?.call;
          expect([service, region]).toEqual([call?.service, call?.region ?? '']);
          const params: unknown = JSON.parse(
            body.replaceAll(/\{\{\d\}\}/g, '907').replaceAll('"907"', '"loc-907"'),
          );
          expect(params).toEqual(withIds(call?.params ?? {}, service));
          checkShape({ service, action } as ApiRoute, params);
        });
      }),
    );
  });

  it('names losses and unknown checks at the top, and runs only once the losses are accepted', async () => {
    const findings = [
      { kind: 'unknown', text: 'Quota: unread' },
      { kind: 'loss', text: 'Still served: HTTPS:443\n$(touch /tmp/x)' },
    ] as const;
    const script = await buildScript({ steps: [], rollback: [] }, 'steps', { findings, accountUin: null });
    const [, , , ...lines] = script.split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '# LOSSES that were acknowledged: clients get errors.',
      '#   - Still served: HTTPS:443 $(touch /tmp/x)',
      '# UNKNOWN: these checks could not be read.',
      '#   - Quota: unread',
    ]);
    const run = (env: object) =>
      spawnSync('bash', ['-s'], { input: script, encoding: 'utf8', env: { ...process.env, ...env } });
    for (const env of [{}, { SPILLWAY_ACCEPT: 'yes' }])
      expect(run(env)).toMatchObject({ status: 2, stderr: expect.stringContaining('see LOSSES') });
    expect(run({ SPILLWAY_ACCEPT: 'ab' }).stderr).not.toContain('LOSSES');
    const unread = await buildScript({ steps: [], rollback: [] }, 'steps', {
      findings: findings.slice(0, 1),
    });
    expect(unread).toContain('# UNKNOWN');
    expect(unread).not.toContain('SPILLWAY_ACCEPT');
  });

  it('property: is valid bash, and contains each step once, in order, with its waits', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan, fc.constantFrom('steps' as const, 'rollback' as const), async (plan, way) => {
        const script = await buildScript(plan, way);
        checkSyntax(script);
        const said = [...script.matchAll(/^step (\S+) /gm)].map(([, id]) => id);
        expect(said).toEqual(plan[way].map(({ id }) => id));
        const waits = [...script.matchAll(/^wait_for (\d+) /gm)].map(([, seconds]) => Number(seconds));
        const planned = plan[way].flatMap((step) => {
          if (step.kind === 'bake') return [Math.max(step.bakeS, step.oldTtlS)];
          return step.kind === 'drain'
            ? [Math.max(step.oldTtlS, step.restoredTtlS ?? 0) + step.keepAliveS]
            : [];
        });
        expect(waits).toEqual(planned);
      }),
      { numRuns: 40 },
    );
  });

  /** Returns the same plan with this text in every possible place. */
  function withText(plan: Plan, text: string): Plan {
    const put = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(put);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
          key,
          typeof inner === 'string' && !['kind', 'service', 'action', 'type', 'scheme', 'phase'].includes(key)
            ? text
            : put(inner),
        ]),
      );
    };
    return put(plan) as Plan;
  }

  it('property: executes no text of a plan', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const script = await tccliScript({
          head: {
            title: text,
            hash: text,
            takenAt: text,
            accountUin: text,
            findings: [{ kind: 'loss', text }],
          },
          plan: withText(testPlan, text),
          way: 'steps',
          words: () => text,
        });
        checkSyntax(script);
        // Every command does nothing; any other program would not be found and would end the script.
        const tools = [
          'tccli',
          'curl',
          'dig',
          'awk',
          'sort',
          'date',
          'mktemp',
          'tr',
          'sed',
          'head',
          'rm',
          'sleep',
        ];
        const commands = [
          'step',
          'rule',
          'records',
          'before',
          'after',
          'or_later',
          'or_gone',
          'call',
          'wait_for',
        ];
        const [library = '', steps = ''] = script.split(/(?=^at='the start'$)/m);
        expect(library).not.toBe('');
        const mute = [...tools, ...commands, 'until_right', 'still', 'ask', 'say', 'command', 'refuse'];
        const program = `PATH=/nowhere
${mute.map((each) => `${each}() { :; }`).join('\n')}\nanswer=\n${steps}`;
        const ran = spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', program], {
          encoding: 'utf8',
        });
        expect({ stdout: ran.stdout, stderr: ran.stderr, status: ran.status }).toEqual({
          stdout: '',
          stderr: '',
          status: 0,
        });
      }),
    );
  });

  it('checks the account of the key, where the account is known', async () => {
    expect(await buildScript(testPlan)).toContain('GetCallerIdentity');
    expect(await buildScript(testPlan, 'steps', { accountUin: null })).not.toContain('GetCallerIdentity');
  });
});
