// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyView, SetPolicyAction } from '@/lib/contract/policy';
import { defaultPolicy } from '@/lib/policy/policy';
import { err, ok } from '@/lib/result';
import { choose } from '@/testing/components/test-choose';
import { renderPage } from '@/testing/components/test-page';
import { PolicyPanel } from './policy-panel';

afterEach(() => {
  cleanup();
  window.history.replaceState(null, '', '/settings');
});

const policies: readonly PolicyView[] = [
  { kind: 'sandbox', policy: defaultPolicy, set: null },
  {
    kind: 'tencent',
    policy: { ...defaultPolicy, zone: 'Asia/Jakarta', prewarmS: 600 },
    set: { by: 'sari', at: '2026-12-11T15:00:00.000Z' },
  },
];

function open(answer: Awaited<ReturnType<SetPolicyAction>> = ok(null)) {
  const asked: Parameters<SetPolicyAction>[0][] = [];
  let done = 0;
  renderPage(
    <PolicyPanel
      policies={policies}
      setPolicy={async (input) => {
        asked.push(input);
        return answer;
      }}
      onSet={() => {
        done += 1;
      }}
    />,
  );
  const form = (name: string) => within(screen.getByRole('form', { name }));
  return { asked, form, done: () => done };
}

describe('the policies', () => {
  it('are set for one kind of connection, and show when they were last set', async () => {
    const { asked, form, done } = open();
    expect(screen.getByText('Not set. Spillway uses its defaults.')).toBeTruthy();
    fireEvent.click(screen.getByRole('radio', { name: 'Real accounts' }));
    expect(document.body.textContent).toContain('by sari');
    const real = form('Real accounts');
    await choose(real, 'Time zone', "Each person's browser");
    fireEvent.change(real.getByLabelText('Prewarm before T0'), { target: { value: '' } });
    await choose(real, 'If T0 is missed', 'Divert if not too late');
    fireEvent.change(real.getByLabelText('No later than'), { target: { value: '90 s' } });
    fireEvent.change(real.getByLabelText('Tags of other tools'), { target: { value: 'team,, iac ' } });
    fireEvent.click(real.getByRole('button', { name: 'Remove the guard: Slowest probe' }));
    fireEvent.click(real.getByRole('button', { name: 'Save policies' }));
    await waitFor(() => expect(done()).toBe(1));
    expect(asked).toEqual([
      {
        kind: 'tencent',
        readAt: '2026-12-11T15:00:00.000Z',
        zone: null,
        prewarmS: null,
        missedT0: { kind: 'runIfLate', withinS: 90 },
        guards: defaultPolicy.guards.filter(({ measure }) => measure !== 'latency'),
        ownerTags: ['team', 'iac'],
      },
    ]);
  });

  it('show at a guard why the server refused it', async () => {
    const { form } = open(
      err({ fields: { 'guards.1.measure': ['guard.trafficOff'] }, form: { message: 'policy.changed' } }),
    );
    const sandbox = form('Sandbox');
    fireEvent.click(sandbox.getByRole('button', { name: 'Save policies' }));
    expect(await sandbox.findByText(/SPILLWAY_TRAFFIC_S is 0: .* or remove the guard\.$/)).toBeTruthy();
  });

  it('are not sent while a field is invalid, and show the error at the field', () => {
    const { asked, form } = open();
    const sandbox = form('Sandbox');
    fireEvent.change(sandbox.getByLabelText('Prewarm before T0'), { target: { value: 'a while' } });
    fireEvent.change(sandbox.getByLabelText('Slowest probe: limit'), { target: { value: '' } });
    fireEvent.click(sandbox.getByRole('button', { name: 'Save policies' }));
    expect(sandbox.getByLabelText('Prewarm before T0').getAttribute('aria-invalid')).toBe('true');
    expect(sandbox.getByText('Enter a limit from 0 to 1,000,000.')).toBeTruthy();
    expect(asked).toEqual([]);
  });

  it.each([
    [{ fields: { prewarmS: ['prewarm.tooLong'] }, form: null }, /at most a day before T0/],
    [{ fields: {}, form: { message: 'policy.changed' } }, /Someone else has changed these policies/],
  ])('show the server rejection', async (error, words) => {
    const { form, done } = open(err(error));
    fireEvent.click(form('Sandbox').getByRole('button', { name: 'Save policies' }));
    expect(await screen.findByText(words)).toBeTruthy();
    expect(done()).toBe(0);
  });
});
