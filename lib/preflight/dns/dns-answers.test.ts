import { describe, expect, it } from 'vitest';
import type { RecordSetState, RecordState } from '@/lib/estate/object';
import type { Step, WriteStep } from '@/lib/plan/model/model';
import { StepId } from '@/lib/plan/model/model';
import { noConditions } from '@/lib/preflight/model/conditions';
import { preflight } from '@/lib/preflight/preflight';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { checkDnsAnswers } from './dns-answers';

const estate = testEstate();
const diversion = testSplit();
const planned = createTestPlan({ estate, diversion, keepAliveS: 0 });
const move = planned.steps.find(
  (step): step is WriteStep => step.kind === 'write' && step.object.kind === 'recordSet',
);
if (move === undefined) throw new Error('the Split moves a record');

const a = (value: string, enabled: boolean): RecordState => ({
  type: 'A',
  value,
  ttlS: 60,
  weight: null,
  enabled,
});
const set = (...records: readonly RecordState[]): RecordSetState => ({
  kind: 'recordSet',
  records: [...records],
});
const aaaa = { ...a('2001:db8::1', true), type: 'AAAA' };

/** Returns writes that move the name through these states. */
function through(...states: readonly RecordSetState[]): readonly Step[] {
  return states.slice(1).map((after, index) => ({
    ...(move as WriteStep),
    id: StepId.parse(`s${index + 1}`),
    before: states[index] ?? after,
    after,
  }));
}

function found(steps: readonly Step[], rollback: readonly Step[] = []) {
  const given = { estate, before: estate, diversion, routes: [], problems: [] };
  return checkDnsAnswers({ ...given, conditions: noConditions(estate), steps, rollback });
}

const [on, off] = [a('127.77.1.1', true), a('127.77.1.1', false)];
const gaining = a('127.77.1.2', true);
const waiting = a('127.77.1.2', false);

describe('dns-answers', () => {
  it.each([
    ['a Split', testSplit()],
    ['a Switch at once', testSwitch()],
    ['a Switch along a ramp', testSwitch({ ramp: [10, 50, 100] })],
  ])('passes %s as planned', (_, each) => {
    const findings = preflight({ estate, diversion: each }).filter((f) => f.check === 'dns-answers');
    expect(findings).toMatchObject([{ status: 'pass' }]);
  });

  it('blocks with the step after which both sides would be disabled, on apply', () => {
    const steps = through(set(on, waiting), set(off, waiting), set(off, gaining));
    expect(found(steps)).toMatchObject([
      {
        status: 'block',
        why: 'dns-answers.apply',
        objects: ['flash.example.co.id'],
        values: { step: 's1' },
      },
    ]);
  });

  it('blocks on rollback, too', () => {
    const back = through(set(off, gaining), set(off, waiting), set(on, waiting));
    expect(found(through(set(on, waiting), set(on, gaining), set(off, gaining)), back)).toMatchObject([
      { status: 'block', why: 'dns-answers.rollback' },
    ]);
  });

  it('does not count an IPv6 answer as usable for all clients', () => {
    expect(found(through(set(on, aaaa), set(off, aaaa)))).toMatchObject([{ status: 'block' }]);
    expect(found(through(set(aaaa), set(aaaa, gaining)))).toMatchObject([{ status: 'pass' }]);
  });

  it('requires nothing of a line without records', () => {
    expect(found(through(set(off), set(off, waiting)))).toMatchObject([{ status: 'pass' }]);
  });
});
