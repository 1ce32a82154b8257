import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import * as schema from '@/lib/db/schema';
import type { Guard } from '@/lib/diversion/cutover';
import type { SplitDiversion } from '@/lib/diversion/diversion';
import { invariant } from '@/lib/invariant';
import { writePlanFile } from '@/lib/plan/export/plan-file';
import { planHash } from '@/lib/plan/model/hash';
import { type Plan, StepId } from '@/lib/plan/model/model';
import { defaultPolicy } from '@/lib/policy/policy';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import type { RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import {
  testEstate,
  testListener,
  testLoadBalancer,
  testRecord,
  testRule,
  testSplit,
  testTarget,
  testWaves,
} from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { createPlan } from './plans/create-plan';
import { exportPlan } from './plans/export-plan';
import { getPlan } from './plans/get-plan';
import { importPlan } from './plans/import-plan';
import { applyPlan } from './runs/apply-plan';
import { commandRun } from './runs/command-run';
import { getRun } from './runs/get-run';

/* The verbs on a real database and the real engine's client; no worker changes the state of runs. */

const context = testContext();
const { plan, write, connect: store } = context;

beforeEach(async () => {
  await context.clear();
  await store('test', 'sandbox', testEstate());
});

async function run(diversion?: SplitDiversion): Promise<RunId> {
  const { id, hash } = await plan(diversion);
  const applied = await applyPlan({ planId: id, hash, typedDomain: null });
  invariant(applied.ok, 'the plan is applied');
  return applied.value.runId;
}

const stamp = { at: '2026-12-12T00:00:00.000Z', direction: 'apply' } as const;
const started: RunEvent = { type: 'started', actor: 'local', attempt: 1, ...stamp };
const stopped: RunEvent = {
  type: 'stopped',
  stepId: StepId.parse('s1'),
  reason: { kind: 'internal', message: 'x' },
  ...stamp,
};
const command = (runId: string, name: string, typedDomain: string | null = null) =>
  commandRun({ runId, command: name, typedDomain } as Parameters<typeof commandRun>[0]);

describe('createPlan', () => {
  it('reports every invalid field of its input', async () => {
    const bad = {
      ...testSplit(),
      name: '',
      routes: testSplit().routes.map((route) =>
        route.to === 'function' ? { ...route, domain: 'no spaces allowed', expectedBody: '' } : route,
      ),
    };
    const answer = await createPlan({ connectionId: 'test', diversion: bad });
    expect(answer).toMatchObject({
      ok: false,
      error: {
        fields: {
          name: ['name.missing'],
          'routes.1.domain': ['domain.invalid'],
          'routes.1.expectedBody': ['expectedBody.missing'],
        },
      },
    });
  });

  it.each([null, 7, 'text', [], {}])('refuses %j without crashing', async (input) => {
    expect(await createPlan({ connectionId: 'test', diversion: input })).toMatchObject({ ok: false });
  });

  it('refuses a connection that does not exist', async () => {
    expect(await createPlan({ connectionId: 'nowhere', diversion: testSplit() })).toMatchObject({
      ok: false,
      error: { form: { message: 'connection.gone' } },
    });
  });
});

describe('applyPlan', () => {
  it('submits the plan once', async () => {
    const { id, hash } = await plan();
    const first = await applyPlan({ planId: id, hash, typedDomain: null });
    invariant(first.ok, 'the first is accepted');
    expect((await getRun(first.value.runId))?.state).toBe('queued');
    const second = await applyPlan({ planId: id, hash, typedDomain: null });
    expect(second).toMatchObject({ ok: false, error: { form: { message: 'plan.alreadyRun' } } });
  });

  it('sets the guards of the policy for a run that is applied at once', async () => {
    const { id, hash } = await plan();
    const guards: Guard[] = [{ measure: 'latency', limit: 900, forS: 10, outcome: 'stop' }];
    await context.db
      .insert(schema.policies)
      .values({ ...defaultPolicy, kind: 'sandbox', guards, setBy: 'x', setAt: new Date() });
    const applied = await applyPlan({ planId: id, hash, typedDomain: null });
    await context.db.delete(schema.policies);
    invariant(applied.ok, 'it is accepted');
    expect(await getRun(applied.value.runId)).toMatchObject({ cutover: null, guards });
  });

  it('accepts one of two concurrent requests', async () => {
    const { id, hash } = await plan();
    const both = await Promise.all([1, 2].map(() => applyPlan({ planId: id, hash, typedDomain: null })));
    expect(both.filter((answer) => answer.ok)).toHaveLength(1);
  });

  it('refuses a hash other than that of the stored plan, also when the stored plan was changed', async () => {
    const { id, hash, plan: stored } = await plan();
    const other = await applyPlan({ planId: id, hash: hash.replace(/./g, '0'), typedDomain: null });
    expect(other).toMatchObject({ ok: false, error: { form: { message: 'plan.otherHash' } } });
    const { db } = context;
    await db
      .update(schema.plans)
      .set({ plan: { ...stored, steps: stored.steps.slice(1) } })
      .where(eq(schema.plans.id, id));
    const changed = await applyPlan({ planId: id, hash, typedDomain: null });
    expect(changed).toMatchObject({ ok: false, error: { form: { message: 'plan.otherHash' } } });
  });

  it('refuses a plan that is obsolete or blocked on the current snapshot', async () => {
    const outdated = await plan();
    const records = [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.9')];
    await store('test', 'sandbox', testEstate({ records }));
    const answer = await applyPlan({ planId: outdated.id, hash: outdated.hash, typedDomain: null });
    expect(answer).toMatchObject({ ok: false, error: { form: { message: 'plan.outdated' } } });

    const loadBalancers = [
      testLoadBalancer('lb-cvm'),
      testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], isolated: true }),
    ];
    await store('test', 'sandbox', testEstate({ loadBalancers }));
    const stopped = await applyPlan({ planId: outdated.id, hash: outdated.hash, typedDomain: null });
    expect(stopped).toMatchObject({ ok: false, error: { form: { message: 'plan.blocked' } } });
  });

  it('refuses a plan whose load balancer is no longer found', async () => {
    const { id, hash } = await plan();
    await store('test', 'sandbox', testEstate({ loadBalancers: [testLoadBalancer('lb-cvm')] }));
    expect(await applyPlan({ planId: id, hash, typedDomain: null })).toMatchObject({ ok: false });
  });

  it('refuses objects that another run is working on, and reports whether that run is stopped', async () => {
    const other = await run();
    const { id, hash } = await plan(testSplit({ expectedBody: 'Other text' }));
    const busy = await applyPlan({ planId: id, hash, typedDomain: null });
    expect(busy).toMatchObject({
      ok: false,
      error: { form: { message: 'run.overlap', values: { run: other } } },
    });
    await write(other, started, stopped);
    const stoppedAnswer = await applyPlan({ planId: id, hash, typedDomain: null });
    expect(stoppedAnswer).toMatchObject({ ok: false, error: { form: { message: 'run.overlapStopped' } } });
    expect(await command(other, 'leaveAsIs')).toEqual({ ok: true, value: null });
    expect(await applyPlan({ planId: id, hash, typedDomain: null })).toMatchObject({ ok: true });
  });

  it('refuses an account that the worker has no key for', async () => {
    const { id, hash } = await plan();
    const { db } = context;
    await db.update(schema.connections).set({ available: false }).where(eq(schema.connections.id, 'test'));
    const answer = await applyPlan({ planId: id, hash, typedDomain: null });
    await db.update(schema.connections).set({ available: true }).where(eq(schema.connections.id, 'test'));
    expect(answer).toMatchObject({
      ok: false,
      error: {
        form: { message: 'plan.disconnected', values: { accounts: expect.stringContaining('test') } },
      },
    });
  });

  it('requires the moved domain to be typed for a real account', async () => {
    await store('real', 'tencent', testEstate());
    const { id, hash } = await plan(testSplit(), 'real');
    for (const typedDomain of [null, 'shop.example.co.id']) {
      const refused = await applyPlan({ planId: id, hash, typedDomain });
      expect(refused).toMatchObject({
        ok: false,
        error: { fields: { typedDomain: ['typedDomain.differs'] } },
      });
    }
    expect(await applyPlan({ planId: id, hash, typedDomain: ' Flash.example.co.id ' })).toMatchObject({
      ok: true,
    });
  });

  it('accepts the first of several moved names only with the number of others', async () => {
    await store('real', 'tencent', testEstate());
    const [flash, ...others] = ['flash.example.co.id', 'shop.example.co.id', 'pay.example.co.id'];
    const { id, hash } = await plan(testWaves([[flash ?? ''], others]), 'real');
    const differs = { error: { fields: { typedDomain: ['typedDomain.differs'] } } };
    for (const typedDomain of [flash ?? '', `${flash} +1`])
      expect(await applyPlan({ planId: id, hash, typedDomain })).toMatchObject(differs);
    expect(await applyPlan({ planId: id, hash, typedDomain: `${flash} +2` })).not.toMatchObject(differs);
  });
});

describe('commandRun', () => {
  it('refuses a command that the state does not allow, with the state', async () => {
    const runId = await run();
    for (const name of ['continue', 'rollback', 'skipBake']) {
      expect(await command(runId, name)).toMatchObject({
        ok: false,
        error: { form: { message: `run.cannot.${name}`, values: { state: 'queued' } } },
      });
    }
    expect(await command(runId, 'leaveAsIs')).toEqual({ ok: true, value: null });
  });

  it('starts a retry and a rollback as attempts of the same run', async () => {
    const runId = await run();
    await write(runId, started, stopped);
    expect(await command(runId, 'continue')).toEqual({ ok: true, value: null });
    expect(await getRun(runId)).toMatchObject({ state: 'queued', direction: 'apply' });
    await write(runId, { ...started, attempt: 2 }, stopped);
    expect(await command(runId, 'rollback')).toEqual({ ok: true, value: null });
    expect(await getRun(runId)).toMatchObject({ state: 'queued', direction: 'rollback' });
  });

  it('refuses a rollback while another run works on the same objects', async () => {
    const first = await run();
    await write(first, started, { type: 'finished', result: 'done', ...stamp });
    // The snapshot as the first run left it, and a second plan that starts from there.
    const rules = [
      ...testEstate().rules,
      testRule('loc-b', 'lb-scf', 'flash.example.co.id', { targets: [testTarget()] }),
    ];
    await store('test', 'sandbox', testEstate({ rules }));
    const second = await run(testSplit({ rule: { kind: 'new', url: '/sale' } }));
    expect(await command(first, 'rollback')).toMatchObject({
      ok: false,
      error: { form: { message: 'run.overlap', values: { run: second } } },
    });
  });

  it('refuses unknown runs and commands', async () => {
    expect(await command('R-9999', 'pause')).toMatchObject({
      ok: false,
      error: { form: { message: 'run.gone' } },
    });
    expect(await command('R-9999', 'explode')).toMatchObject({
      ok: false,
      error: { fields: { command: [expect.any(String)] } },
    });
  });
});

describe('export and import', () => {
  const exported = async (planId: string) => {
    const made = await exportPlan({ planId, form: 'json' });
    invariant(made.ok, 'the plan is there');
    return made.value;
  };

  it('imports an exported plan as another plan with the same steps and hash', async () => {
    const view = await plan();
    const { text, type, fileName } = await exported(view.id);
    expect([type, fileName]).toEqual(['application/json', `${view.id}.json`]);
    const taken = await importPlan(text);
    invariant(taken.ok, 'the plan is taken');
    expect(taken.value.planId).not.toBe(view.id);
    const again = await getPlan(taken.value.planId);
    expect(again?.plan).toEqual(view.plan);
    expect(again?.hash).toBe(view.hash);
    expect((await exported(taken.value.planId)).text).toBe(text);
  });

  it.each([
    ['address', { address: '169.254.169.254' }, 'plan.probeAddress'],
    ['address', { address: '127.0.0.1', port: 5432 }, 'plan.probeAddress'],
    ['address', { address: 'metadata.example' }, 'plan.probeAddress'],
    ['address', { port: 22 }, 'plan.probeAddress'],
    ['resolver', { resolver: '127.0.0.1:53' }, 'plan.probeResolver'],
  ])(
    'refuses at its field a plan whose probe addresses no load balancer of the account: %s %j',
    async (field, change, message) => {
      const { plan: made } = await plan();
      const index = made.steps.findIndex((step) => step.kind === 'probe' && step.probe.kind === 'http');
      const steps = made.steps.map((step, at) =>
        at === index && step.kind === 'probe' ? { ...step, probe: { ...step.probe, ...change } } : step,
      );
      const changed = { ...made, steps } as Plan;
      const before = await context.db.select().from(schema.plans);
      const taken = await importPlan(writePlanFile(changed, await planHash(changed)));
      expect(taken).toMatchObject({
        ok: false,
        error: { fields: { [`plan.steps.${index}.probe.${field}`]: [message] } },
      });
      expect(await context.db.select().from(schema.plans)).toHaveLength(before.length);
    },
  );

  it('exports apply and rollback as scripts that describe their steps', async () => {
    const { id } = await plan();
    for (const [form, fileName, says] of [
      ['tccli', `${id}.sh`, "step s2 'Bind flash/storefront:1 to flash.example.co.id/ on "],
      ['tccli-back', `${id}-back.sh`, "step r4 'Unbind flash/storefront:1 from flash.example.co.id/ on "],
    ] as const) {
      const made = await exportPlan({ planId: id, form });
      expect(made).toMatchObject({ ok: true, value: { fileName, text: expect.stringContaining(says) } });
    }
  });

  it('exports the result as a Terraform configuration that imports existing objects', async () => {
    const { id } = await plan();
    const made = await exportPlan({ planId: id, form: 'terraform' });
    expect(made).toMatchObject({ ok: true, value: { fileName: `${id}.tf` } });
    const text = made.ok ? made.value.text : '';
    expect(text).toContain('id = "example.co.id#12"');
    expect(text).toContain('#   s3  Probe http://flash.example.co.id/ at 127.77.1.2:80 before traffic moves');
  });

  it('refuses what would apply a blocked plan, never its rollback or its JSON', async () => {
    const { id } = await plan();
    const blocked = testEstate().loadBalancers.map((each) => ({ ...each, blocked: true }));
    await store('test', 'sandbox', testEstate({ loadBalancers: blocked }));
    for (const form of ['tccli', 'terraform'])
      expect(await exportPlan({ planId: id, form })).toMatchObject({
        ok: false,
        error: { form: { message: 'plan.blocked', values: { check: 'load-balancer-state' } } },
      });
    for (const form of ['tccli-back', 'json'])
      expect(await exportPlan({ planId: id, form })).toMatchObject({ ok: true });
  });

  it('names an acknowledged loss in what applies a plan, and not in its rollback', async () => {
    const https = testListener('lb-cvm', { id: 'lbl-s', protocol: 'HTTPS', port: 443 });
    const served = { id: 'loc-s', listenerId: 'lbl-s', targets: [testTarget()] };
    const { rules, listeners } = testEstate();
    const estate = testEstate({
      rules: [...rules, testRule('loc-s', 'lb-cvm', 'flash.example.co.id', served)],
      listeners: [...listeners, https],
    });
    await store('test', 'sandbox', estate);
    const lost = preflight({ estate, diversion: testSplit() }).flatMap(
      ({ acknowledgement }) => acknowledgement ?? [],
    );
    expect(lost).toMatchObject([{ finding: 'still-served.noListener' }]);
    const { id, hash } = await plan({ ...testSplit(), acknowledged: lost });
    const texts = await Promise.all(
      ['tccli', 'terraform', 'tccli-back'].map(async (form) => {
        const made = await exportPlan({ planId: id, form });
        return made.ok ? made.value.text : '';
      }),
    );
    expect(texts.map((text) => text.includes('# LOSSES'))).toEqual([true, true, false]);
    expect(texts[0]).toContain(`if [ "\${SPILLWAY_ACCEPT:-}" != ${hash} ]`);
    expect(texts[1]).toContain(`var.spillway_accept == "${hash}"`);
  });

  it('repeats the preflight on the newest snapshot', async () => {
    const { text } = await exported((await plan()).id);
    const blocked = testEstate().loadBalancers.map((each) => ({ ...each, blocked: true }));
    await store('test', 'sandbox', testEstate({ loadBalancers: blocked }));
    const taken = await importPlan(text);
    invariant(taken.ok, 'the plan is taken');
    const findings = (await getPlan(taken.value.planId))?.findings ?? [];
    expect(findings.some(stops)).toBe(true);
  });

  it('returns the reason when an import is refused', async () => {
    const { text } = await exported((await plan()).id);
    const elsewhere = { ...(JSON.parse(text) as { plan: Plan }).plan, connectionId: 'elsewhere' };
    const foreign = writePlanFile(elsewhere, await planHash(elsewhere));
    for (const [input, error] of [
      [foreign, { form: { message: 'plan.import.otherConnection', values: { id: 'elsewhere' } } }],
      [text.replace('flash', 'flush'), { form: { message: 'plan.import.otherHash' } }],
      ['[', { form: { message: 'plan.import.notJson' } }],
      ['{"format":9}', { form: { message: 'plan.import.otherFormat', values: { format: '9' } } }],
      ['{"format":1}', { fields: { plan: [expect.any(String)] } }],
    ] as const)
      expect(await importPlan(input)).toMatchObject({ ok: false, error });
    expect(await exportPlan({ planId: 'P-9999', form: 'json' })).toMatchObject({ ok: false });
    expect(await exportPlan({ planId: (await plan()).id, form: 'docx' })).toMatchObject({ ok: false });
  });
});
