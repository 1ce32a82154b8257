// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ActionError } from '@/lib/contract/answer';
import { renderPage } from '@/testing/components/test-page';
import { ImportPlan } from './import-plan';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const refusing = (error: ActionError) => async () => Response.json(error, { status: 422 });

function pick(answer: typeof fetch, file = new File(['{}'], 'P-0001.json')) {
  vi.stubGlobal('fetch', answer);
  const page = renderPage(<ImportPlan />);
  fireEvent.change(screen.getByLabelText('Plan file'), { target: { files: [file] } });
  return page;
}

describe('the import of a plan', () => {
  it('sends the file and opens the plan', async () => {
    const sent: unknown[] = [];
    const file = new File(['{"format":1}'], 'P-0001.json');
    const { visited } = pick(async (path, init) => {
      sent.push([path, init?.method, init?.body]);
      return Response.json({ planId: 'P-0002' });
    }, file);
    await waitFor(() => expect(visited).toEqual(['/plans/P-0002']));
    expect(sent).toEqual([['/api/plans/import', 'POST', file]]);
  });

  it('rejects a file that is too large without sending it', async () => {
    pick(() => Promise.reject(new Error('sent')), new File([new Uint8Array(8_000_001)], 'P-0001.json'));
    expect((await screen.findByRole('alert')).textContent).toContain('at most 8,000,000 bytes');
  });

  it('shows why a file was rejected', async () => {
    const values = { stated: 'aa', found: 'bb' };
    pick(refusing({ fields: {}, form: { message: 'plan.import.otherHash', values } }));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('P-0001.json was not imported.');
    expect(alert.textContent).toContain('it states the hash aa, but has bb');
  });

  it('lists eight places with their errors, and counts the others', async () => {
    const fields = Object.fromEntries([
      ['plan.steps.0.needs', ['plan.needsLater']],
      ['plan.diversion.laneB.domain', ['domain.invalid']],
      ...Array.from({ length: 8 }, (_, i) => [`plan.steps.${i}.object`, ['Invalid input']]),
    ]);
    pick(refusing({ fields, form: null }));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('plan.steps.0.needs: A step can depend only on earlier steps.');
    expect(alert.textContent).toContain('plan.diversion.laneB.domain: Enter a host name');
    expect(alert.textContent).toContain('and 2 more places');
  });

  it('reports that the outcome is unknown when no response arrives', async () => {
    pick(() => Promise.reject(new Error('network')));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('It is unknown whether P-0001.json was imported.');
  });
});
