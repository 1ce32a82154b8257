// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlanReview } from '@/components/plan/review/plan-review';
import { outlineSteps } from '@/components/run/screen/outline-steps';
import { RunScreen } from '@/components/run/screen/run-screen';
import { AccessDiversion, type Diversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import { messages } from '@/lib/messages/messages';
import { PlanId } from '@/lib/plan/model/model';
import { noConditions } from '@/lib/preflight/model/conditions';
import { preflight } from '@/lib/preflight/preflight';
import { ok } from '@/lib/result';
import type { RunCommand, RunState } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { arbitraryEstate, testFunctionRoute, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { answerRunPage } from './test-charts';
import { renderPage } from './test-page';
import { noApprovals, testPlanView } from './test-plan-view';
import { testCutover, testRun, testView } from './test-run';
import { preflightWords } from './test-words';

/* The pages of a plan and its run name no other kind of diversion. */

type Kind = Diversion['kind'];

const diversions: Readonly<Record<Kind, Diversion>> = {
  split: testSplit(),
  switch: testSwitch({ ramp: [40, 100] }),
  access: AccessDiversion.parse({ kind: 'access', name: 'sale page', routes: [testFunctionRoute()] }),
};
const kinds = Object.keys(diversions) as readonly Kind[];

/** The words that only texts of this kind may contain. */
const wordsOf: Readonly<Record<Kind, RegExp>> = {
  split: /\bSplits?\b|\bdomain [AB]\b/i,
  switch: /\bSwitch(es)?\b|\bramps?\b/i,
  access: /\bAccess\b/,
};
/** Only an Access doesn't have two sides. */
const sides = /\bsides?\b/i;

function expectOwnWords(kind: Kind, text: string): void {
  for (const other of kinds) if (other !== kind) expect(text).not.toMatch(wordsOf[other]);
  if (kind === 'access') expect(text).not.toMatch(sides);
}

/** A run that waits, moves, needs a person, and has ended: no text that several kinds share names one, in any state. */
const states: readonly RunState[] = ['scheduled', 'baking', 'stopped', 'rolledBack'];

const shown = () => document.body.textContent ?? '';

beforeEach(() => vi.stubGlobal('fetch', async () => Response.json({})));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe.each(kinds)('the texts of a plan of kind %s', (kind) => {
  const diversion = diversions[kind];

  it.each([
    ['Apply plan', 'now'],
    ['Schedule plan', 'changes'],
  ] as const)('name no other kind: %s', async (button, tab) => {
    vi.stubGlobal('fetch', async () => Response.json({ cutovers: [], freezes: [], findings: [] }));
    const view = testPlanView({}, undefined, diversion);
    const applyPlan = async () => ok({ runId: RunId.parse('r-1') });
    renderPage(<PlanReview {...noApprovals} tab={tab} view={view} applyPlan={applyPlan} />);
    expectOwnWords(kind, shown());
    fireEvent.click(screen.getByRole('button', { name: button }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toContain('flash.example.co.id');
    expectOwnWords(kind, dialog.textContent ?? '');
  });

  it.each(states.flatMap((state) => [[state, 'now'] as const, [state, 'changes'] as const]))(
    'name no other kind on the page of its run: %s, %s',
    async (state, tab) => {
      const { plan } = testPlanView({}, undefined, diversion);
      const run = testRun({
        state,
        plan,
        cutover: testCutover,
        apply: plan.steps.map((step, nth) => testView(step, nth < 2 ? 'done' : 'todo')),
        rollback: plan.rollback.map((step) => testView(step, 'todo')),
      });
      vi.stubGlobal(
        'fetch',
        answerRunPage(() => run),
      );
      renderPage(
        <RunScreen
          tab={tab}
          initial={run}
          outline={outlineSteps(run.plan)}
          commandRun={async () => ok(null)}
          replanRun={async () => ok({ planId: PlanId.parse('p-2') })}
        />,
      );
      expectOwnWords(kind, shown());
      for (const command of Object.keys(messages.run.command) as RunCommand[])
        await readDialog(kind, command);
    },
  );

  it('name no other kind in the findings for any estate', () => {
    fc.assert(
      fc.property(arbitraryEstate, (estate: Estate) => {
        for (const { why, values, fix } of preflight({
          estate,
          diversion,
          conditions: noConditions(estate),
        })) {
          const label = fix === null ? '' : preflightWords(`preflight.fix.${fix.label}`, fix.values);
          const text = preflightWords.rich(`preflight.why.${why}`, { ...values, b: (inner) => inner });
          expectOwnWords(kind, `${[text].flat().join('')} ${label}`);
        }
      }),
      { numRuns: 30 },
    );
  });
});

/** Opens the dialog of a command that the run can follow, and checks its words. */
async function readDialog(kind: Kind, command: RunCommand): Promise<void> {
  const button = screen.queryAllByRole('button', { name: messages.run.command[command] })[0];
  if (button === undefined || button.hasAttribute('disabled')) return;
  fireEvent.click(button);
  const dialog = await screen.findByRole('dialog');
  expectOwnWords(kind, dialog.textContent ?? '');
  fireEvent.click(within(dialog).getByRole('button', { name: messages.run.confirm[command].cancel }));
}

/** Lists the texts that a pattern matches, by key. */
function listTexts(messages: object, pattern: RegExp, prefix: string): readonly string[] {
  return Object.entries(messages).flatMap(([name, value]) => {
    if (typeof value !== 'string') return listTexts(value, pattern, `${prefix}.${name}`);
    return pattern.test(value) ? [`${prefix}.${name}`] : [];
  });
}

it('no shared text of plans, findings and runs names a kind', () => {
  const { plan, preflight, run, schedule } = messages;
  const all = { plan, preflight, run, schedule };
  const named = new RegExp([...Object.values(wordsOf), sides].map(({ source }) => source).join('|'));
  expect(Object.entries(all).flatMap(([name, texts]) => listTexts(texts, named, name))).toEqual([
    'preflight.why.domain-match.same',
    'preflight.why.switch-dns.weightsFree',
    'preflight.why.switch-dns.weights',
    'preflight.why.switch-dns.types',
    'preflight.why.switch-dns.kinds',
    'preflight.why.switch-dns.lowers',
    'preflight.fix.keepShare',
    // Only the share of a Switch is tested, against its two sides.
    'run.charts.split.exceptions',
    // A forecast names the share that it is about, of each kind.
    'run.charts.forecast.deviation',
    // The baseline of a guard is the CVM side, of each kind.
    'run.measure.name.errorsAboveCvm',
  ]);
});
