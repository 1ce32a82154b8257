import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SwitchDiversion } from '@/lib/diversion/switch';
import { planFileMax } from '@/lib/input/import-limits';
import { invariant } from '@/lib/invariant';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { anyPlan, anyText, testPlan } from '@/testing/plan/export/test-plans';
import { testEstate, testRecord, testSwitch, testWaves } from '@/testing/plan/test-estate';
import { planHash } from '../model/hash';
import type { Plan } from '../model/model';
import { fitsPlanFile, planFileSchema, readPlanFile, writePlanFile } from './plan-file';

const schema = new Ajv2020({ validateFormats: false }).compile(planFileSchema());

async function writeFile(plan: unknown): Promise<Record<string, unknown>> {
  return { format: 1, hash: await planHash(plan as Plan), plan };
}

describe('plan file', () => {
  it('property: round-trips a plan, with the same hash, and matches the published schema', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan, async (plan) => {
        const hash = await planHash(plan);
        const text = writePlanFile(plan, hash);
        expect(await readPlanFile(text)).toEqual({ ok: true, value: { plan, hash } });
        expect(schema(JSON.parse(text)), JSON.stringify(schema.errors)).toBe(true);
      }),
    );
  });

  it('holds the largest Switch, and no plan that can’t be imported again', async () => {
    const hosts = Array.from({ length: 50 }, (_, nth) => `n${nth}`);
    const { routes, ...waves } = testWaves(
      Array.from({ length: 10 }, (_, nth) =>
        hosts.slice(5 * nth, 5 * nth + 5).map((host) => `${host}.example.co.id`),
      ),
    );
    const ramp = (length: number) => Array.from({ length }, (_, at) => ({ percent: 5 * (at + 1), bakeS: 0 }));
    const diversion = SwitchDiversion.parse({
      ...waves,
      routes: ['/', '/b'].flatMap((url) =>
        routes.map((route) => ({
          ...route,
          rule: { kind: 'new', url },
          ...(route.to === 'function' && { expectedBody: 'x'.repeat(2000) }),
        })),
      ),
      ramp: ramp(8),
    });
    const records = hosts.map((host, nth) => testRecord(100 + nth, host, '127.77.1.1'));
    const plan = createTestPlan({ estate: testEstate({ records }), diversion });
    const hash = await planHash(plan);
    expect(plan.steps.length).toBeGreaterThan(1000);
    expect(fitsPlanFile(plan, hash)).toBe(true);
    expect(await readPlanFile(writePlanFile(plan, hash))).toEqual({ ok: true, value: { plan, hash } });
    const lines = Array.from({ length: 100 }, (_, nth) =>
      testRecord(100 + nth, 'flash', '127.77.1.1', { lineId: `${nth}`, line: `${nth}` }),
    );
    const tooLarge = createTestPlan({
      estate: testEstate({ records: lines }),
      diversion: { ...testSwitch(), ramp: ramp(20) },
    });
    expect(tooLarge.steps.length).toBeGreaterThan(2000);
    expect(fitsPlanFile(tooLarge, hash)).toBe(false);
    expect(await readPlanFile(writePlanFile(tooLarge, hash))).toMatchObject({ ok: false });
  });

  it.each([
    ['a peak', ({ expectedPeakRps: _peak, ...diversion }: Plan['diversion']) => diversion],
    ['connections', ({ connections: _all, ...diversion }: Plan['diversion']) => diversion],
    ['both', ({ expectedPeakRps: _peak, connections: _all, ...rest }: Plan['diversion']) => rest],
  ])('rejects an intact file of another build, without %s', async (_what, without) => {
    const diversion = without(testPlan.diversion);
    const file = await writeFile({ ...testPlan, diversion });
    expect(await readPlanFile(JSON.stringify(file))).toEqual({ ok: false, error: { kind: 'otherBuild' } });
    const torn = { ...file, plan: { ...testPlan, diversion: { ...diversion, name: 'Other' } } };
    expect(await readPlanFile(JSON.stringify(torn))).toMatchObject({ error: { kind: 'otherHash' } });
  });

  it('property: round-trips any text', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (host, body) => {
        const steps = testPlan.steps.map((step) =>
          step.kind === 'probe' && step.probe.kind === 'http'
            ? { ...step, probe: { ...step.probe, host, expect: { status: 200, bodyContains: body } } }
            : step,
        );
        const odd = { ...testPlan, steps };
        const hash = await planHash(odd);
        expect(await readPlanFile(writePlanFile(odd, hash))).toEqual({
          ok: true,
          value: { plan: odd, hash },
        });
      }),
    );
  });

  it('property: detects one changed place, by its shape or by the hash', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan, fc.nat(), async (plan, at) => {
        const text = writePlanFile(plan, await planHash(plan));
        const letters = [...text.matchAll(/[a-z0-9]/g)];
        const index = letters[at % letters.length]?.index ?? 0;
        const other = text[index] === '7' ? '8' : '7';
        const torn = text.slice(0, index) + other + text.slice(index + 1);
        expect((await readPlanFile(torn)).ok).toBe(false);
      }),
    );
  });
});

describe('rejects an invalid plan with the place and the reason', () => {
  it.each([
    ['nothing', '', { kind: 'notJson' }],
    ['text', 'terraform {}', { kind: 'notJson' }],
    ['a number', '1', { kind: 'shape', fields: { file: [expect.stringContaining('object')] } }],
    ['another format', '{"format":2}', { kind: 'otherFormat', format: '2' }],
    ['no format', '{}', { kind: 'shape', fields: { format: [expect.any(String)] } }],
    ['too much', ' '.repeat(planFileMax + 1), { kind: 'tooLong', max: planFileMax }],
    ['three million brackets', '['.repeat(3_000_000), { kind: 'tooDeep' }],
    ['a list of 20,000', `[${'0,'.repeat(20_000)}0]`, { kind: 'tooWide' }],
  ])('%s', async (_name, text, error) => {
    expect(await readPlanFile(text)).toMatchObject({ ok: false, error });
  });

  it('reports ten of 2,000 faulty steps, and at most fifty places', async () => {
    const [step] = testPlan.steps;
    const faulty = { ...step, phase: 'never' };
    const steps = Array.from({ length: 2000 }, () => faulty);
    const read = await readPlanFile(JSON.stringify(await writeFile({ ...testPlan, steps })));
    const named = Array.from({ length: 10 }, (_, at) => [`plan.steps.${at}.phase`, [expect.any(String)]]);
    expect(read).toEqual({ ok: false, error: { kind: 'shape', fields: Object.fromEntries(named) } });
    const needs = Array.from({ length: 2000 }, () => 7);
    const odd = { ...testPlan, steps: [{ ...step, needs }] };
    const places = await readPlanFile(JSON.stringify(await writeFile(odd)));
    invariant(!places.ok && places.error.kind === 'shape', 'the needs are refused');
    expect(Object.keys(places.error.fields)).toHaveLength(50);
  });

  it('property: rejects text that can’t be stored, at its place', async () => {
    const unstorable = fc.constantFrom('\0', '\ud800', 'a\udc00b');
    await fc.assert(
      fc.asyncProperty(anyText, unstorable, anyText, async (before, odd, after) => {
        const diversion = { ...testPlan.diversion, name: `${before}${odd}${after}` };
        const read = await readPlanFile(JSON.stringify(await writeFile({ ...testPlan, diversion })));
        const fields = { 'plan.diversion.name': ['text.unstorable'] };
        expect(read).toEqual({ ok: false, error: { kind: 'shape', fields } });
      }),
    );
  });

  it('rejects a hash that is not the plan’s', async () => {
    const file = { ...(await writeFile(testPlan)), hash: '0'.repeat(64) };
    const found = await planHash(testPlan);
    expect(await readPlanFile(JSON.stringify(file))).toEqual({
      ok: false,
      error: { kind: 'otherHash', stated: '0'.repeat(64), found },
    });
  });

  it.each([
    ['a field that no plan has', 'plan.steps.0', 'steps.0.sudo', true],
    ['an unknown kind of step', 'plan.steps.0.kind', 'steps.0.kind', 'shell'],
    ['a step named twice', 'plan.steps.1.id', 'steps.1.id', 's1'],
    ['a need of nothing', 'plan.steps.0.needs', 'steps.0.needs', ['s99']],
    ['a need of a later phase', 'plan.steps.1.needs', 'steps.0.phase', 'verify'],
    ['another cloud', 'plan.steps.0.call.service', 'steps.0.call.service', 's3'],
    ['an odd parameter', 'plan.steps.0.call.params.a-b', 'steps.0.call.params', { 'a-b': 1 }],
    ['a state of another kind', 'plan.steps.0.before', 'steps.0.before', { kind: 'recordSet', records: [] }],
    ['a route without a domain', 'plan.diversion.routes.1.domain', 'diversion.routes.1.domain', 'no spaces'],
    ['a call to another account', 'plan.steps.0.call', 'steps.0.call.connectionId', 'production'],
    ['an inverse for another account', 'plan.steps.0.inverse', 'steps.0.inverse.connectionId', 'production'],
    [
      'an account that the diversion does not name',
      'plan.steps.0.object',
      'steps.0.object.connectionId',
      'production',
    ],
    ['a rollback in one', 'plan.rollback.0.object', 'rollback.0.object.connectionId', 'production'],
    ['the undoing of nothing', 'plan.rollback.0.undoes', 'rollback.0.undoes', 's99'],
  ])('%s', async (_name, path, place, value) => {
    const plan = JSON.parse(JSON.stringify(testPlan));
    const names = place.split('.');
    const last = names.pop() ?? '';
    names.reduce((at, name) => at[name], plan)[last] = value;
    const read = await readPlanFile(JSON.stringify(await writeFile(plan)));
    expect(read).toMatchObject({
      ok: false,
      error: { kind: 'shape', fields: { [path]: [expect.any(String)] } },
    });
  });
});
