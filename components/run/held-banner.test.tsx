// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { renderPage } from '@/components/plan/test-page';
import { planSplit } from '@/lib/plan/plan-split';
import { testEstate, testSplit } from '@/lib/plan/test-estate';
import type { HoldReason, RunView } from '@/lib/run/model';
import { HeldBanner } from './held-banner';

const planned = planSplit({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 });
if (!planned.ok) throw new Error('the test estate has everything that the Split names');
const plan = planned.value;
const write = plan.steps.find((step) => step.kind === 'write');
if (write?.kind !== 'write') throw new Error('the test plan writes something');
const { object, before, after } = write;
const at = '2026-12-11T15:00:05.000Z';

/** One reason of each kind, with what its banner has to say: a new kind does not compile until it is here. */
const reasons: { readonly [K in HoldReason['kind']]: [HoldReason & { kind: K }, readonly string[]] } = {
  drift: [
    { kind: 'drift', object, expected: before, found: after },
    ['Somebody else changed rule flash.example.co.id/', 'Nothing was overwritten.', 'Expected', 'No rule'],
  ],
  notEffective: [
    { kind: 'notEffective', object, expected: after, found: before },
    ['is not as it should be', 'reading the object back shows something else', 'Found', 'No rule'],
  ],
  cloudError: [
    {
      kind: 'cloudError',
      settled: false,
      error: {
        code: 'Network.Timeout',
        message: 'No answer within 10 s.',
        requestId: null,
        action: 'CreateRule',
        region: 'ap-singapore',
        mayHaveHappened: true,
        advice: 'readBack',
      },
    },
    ['The cloud refused CreateRule.', 'may have taken effect', 'Network.Timeout', 'none: no answer arrived'],
  ],
  probeFailed: [
    {
      kind: 'probeFailed',
      answer: {
        passed: false,
        address: '127.77.1.2:80',
        status: '502',
        body: 'no backend',
        latencyMs: 12,
        failure: 'Status 502 instead of 200.',
      },
    },
    ['A probe did not get the answer', 'Status 502 instead of 200.', '127.77.1.2:80', 'no backend'],
  ],
  internal: [
    { kind: 'internal', message: 'Invariant broken: a step has an object' },
    [
      'An error of Spillway itself stopped the run.',
      'Nothing more is written. Retry',
      'The log has the rest.',
      'Invariant broken: a step has an object',
    ],
  ],
  asked: [{ kind: 'asked', actor: 'local' }, ['local asked the run to hold.', 'Nothing is wrong.']],
};

afterEach(cleanup);

it.each(Object.values(reasons))('says why a run is held: $kind', (reason, words) => {
  const run: RunView = {
    id: 'r-1',
    planId: 'p-1',
    name: 'test',
    connectionId: 'test',
    connectionKind: 'sandbox',
    state: 'held',
    direction: 'apply',
    actor: 'local',
    startedAt: at,
    endedAt: at,
    apply: [],
    revert: [],
    held: { at, stepId: write.id, reason },
    plan,
  };
  renderPage(<HeldBanner run={run} />);
  const text = screen.getByRole('alert').textContent;
  for (const word of words) expect(text).toContain(word);
});
