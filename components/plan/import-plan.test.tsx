// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { ImportPlanAction } from '@/lib/client/actions';
import { err, ok } from '@/lib/result';
import { ImportPlan } from './import-plan';
import { renderPage } from './test-page';

afterEach(cleanup);

function pick(importPlan: ImportPlanAction, text = '{}') {
  const page = renderPage(<ImportPlan importPlan={importPlan} />);
  const files = [new File([text], 'P-0001.json', { type: 'application/json' })];
  fireEvent.change(screen.getByLabelText('Plan file'), { target: { files } });
  return page;
}

describe('the import of a plan', () => {
  it('hands the file’s text over and goes to the plan', async () => {
    const given: unknown[] = [];
    const { visited } = pick(async (input) => {
      given.push(input);
      return ok({ planId: 'P-0002' });
    }, '{"format":1}');
    await waitFor(() => expect(visited).toEqual(['/plans/P-0002']));
    expect(given).toEqual([{ text: '{"format":1}' }]);
  });

  it('says why a file was refused as a whole', async () => {
    const values = { stated: 'aa', found: 'bb' };
    pick(async () => err({ fields: {}, form: { message: 'plan.import.otherHash', values } }));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('P-0001.json was not imported.');
    expect(alert.textContent).toContain('it states the hash aa and has bb');
  });

  it('names places and what is wrong there, and counts those past eight', async () => {
    const fields = Object.fromEntries([
      ['plan.steps.0.needs', ['plan.needsLater']],
      ['plan.diversion.laneB.domain', ['domain.invalid']],
      ...Array.from({ length: 8 }, (_, i) => [`plan.steps.${i}.object`, ['Invalid input']]),
    ]);
    pick(async () => err({ fields, form: null }));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('plan.steps.0.needs: A step may need earlier steps only.');
    expect(alert.textContent).toContain('plan.diversion.laneB.domain: Not a host name');
    expect(alert.textContent).toContain('and 2 more places');
  });

  it('says that it is not known what became of it when no answer came', async () => {
    pick(() => Promise.reject(new Error('network')));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('It is not known whether P-0001.json was imported.');
  });
});
