// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { StartTestInvocationAction, TestInvocationView } from '@/lib/contract/function';
import type { FunctionRouteDraft } from '@/lib/draft/draft';
import { err, ok } from '@/lib/result';
import { toDraft } from '@/testing/components/test-draft';
import { renderPage } from '@/testing/components/test-page';
import { testSplit } from '@/testing/plan/test-estate';
import { buildTestInvocation } from '@/testing/preflight/build-test-invocation';
import { TestFunction } from './test-function';
import { TestInvocationOutcome } from './test-invocation-outcome';
import { useTestInvocations } from './use-test-invocations';

/** A function's test button and its result, as in its field. `newest` supplies the list of test invocations. */

const existing = toDraft(testSplit()).routes.find(
  (each): each is FunctionRouteDraft => each.to === 'function',
);
const route: FunctionRouteDraft | undefined = existing && {
  ...existing,
  rule: { kind: 'new', url: '/sale', certificateId: 'cert-1' },
};
let newest: readonly TestInvocationView[];
const seen: unknown[] = [];
const started = vi.fn();

beforeEach(() => {
  newest = [];
  vi.stubGlobal('fetch', async () => Response.json({ newest, judged: [] }));
});
afterEach(() => {
  cleanup();
  started.mockReset();
  seen.length = 0;
  vi.unstubAllGlobals();
});

function Field({ startTestInvocation }: { readonly startTestInvocation: StartTestInvocationAction }) {
  const { trying } = useTestInvocations({
    connectionId: 'test',
    testInvocations: { newest: [], judged: [] },
    startTestInvocation,
    onStart: started,
  });
  if (route === undefined) return null;
  return (
    <>
      <TestFunction trying={trying} account="niaga" route={route} />
      <TestInvocationOutcome tried={trying.stateOf(route.function)} />
    </>
  );
}

async function press(startTestInvocation: StartTestInvocationAction) {
  renderPage(<Field startTestInvocation={startTestInvocation} />);
  fireEvent.click(screen.getByRole('button', { name: 'Test function' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByText(/calls the function once on niaga/)).toBeTruthy();
  expect(dialog.getByText(/GET for flash\.example\.co\.id/)).toBeTruthy();
  fireEvent.click(dialog.getByRole('button', { name: 'Invoke function' }));
}

const about = {
  id: 't-1',
  method: 'GET' as const,
  actor: 'local',
  askedAt: '2026-12-11T14:00:00.000Z',
  function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' },
};
const accepted: StartTestInvocationAction = async (input) => {
  seen.push(input);
  return ok({ testInvocationId: 't-1' });
};

it('invokes the function with the route that it serves, and shows its response and duration', async () => {
  newest = [
    {
      ...about,
      state: 'judged',
      testInvocation: buildTestInvocation(),
      requestId: 'r-1',
      excerpt: 'Hello CLB',
      billedMs: 100,
      memoryBytes: 31_000_000,
    },
  ];
  await press(accepted);
  const outcome = within(await screen.findByRole('region', { name: 'Test result' }));
  for (const text of ['200', '42 ms, billed as 100 ms; 30 MB of memory', 'r-1', 'Hello CLB'])
    expect(outcome.getByText(text)).toBeTruthy();
  expect(outcome.getByRole('status').textContent).toBe('The function answered with status 200.');
  const { domain, loadBalancerId, listenerId, function: choice } = route ?? expect.fail('no route');
  // Only what the action takes: it refuses other fields, such as the certificate.
  const place = { domain, loadBalancerId, listenerId, rule: { kind: 'new', url: '/sale' } };
  expect(seen).toEqual([{ connectionId: 'test', function: choice, place }]);
  expect(started).toHaveBeenCalledTimes(1);
});

it('shows the progress and is disabled during the invocation', async () => {
  newest = [{ ...about, state: 'running', isCalled: true }];
  await press(accepted);
  expect(await screen.findByText('The function is running')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Test function' }).getAttribute('aria-busy')).toBe('true');
});

it('shows why the test invocation failed', async () => {
  const error = {
    code: 'UnauthorizedOperation',
    message: 'no permission',
    requestId: 'r-9',
    region: null,
    action: 'InvokeFunction',
    mayHaveHappened: false,
    advice: 'giveUp' as const,
  };
  newest = [{ ...about, state: 'failed', error }];
  await press(accepted);
  expect(await screen.findByText('The function could not be tested.')).toBeTruthy();
  for (const text of ['UnauthorizedOperation', 'no permission', 'r-9'])
    expect(screen.getByText(text)).toBeTruthy();
});

it('shows a server rejection, and that the outcome is unknown when no response arrives', async () => {
  await press(async () => err({ fields: {}, form: { message: 'connection.gone', values: { id: 'test' } } }));
  expect((await screen.findByRole('alert')).textContent).toContain('test');
  cleanup();
  await press(() => Promise.reject(new Error('fetch failed')));
  expect(await screen.findByText('It is unknown whether the function was called.')).toBeTruthy();
  await waitFor(() =>
    expect(screen.getByRole('button', { name: 'Test function' }).getAttribute('aria-busy')).toBeNull(),
  );
});
