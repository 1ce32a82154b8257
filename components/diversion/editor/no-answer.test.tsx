// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { DeployProgress } from '@/components/diversion/function/deploy-progress';
import { useFunctionDeployment } from '@/components/diversion/function/use-function-deployment';
import { IsolationNote } from '@/components/shell/isolation-note';
import type { StartSyncAction } from '@/lib/contract/connection';
import type { DeployFunctionInput } from '@/lib/contract/function';
import { err } from '@/lib/result';
import { renderPage } from '@/testing/components/test-page';
import { testEstate } from '@/testing/plan/test-estate';
import { EditorNotices } from './notice-parts';
import { useLiveEstate } from './use-live-estate';

/** Simulates an unreachable web process: a server action that rejects may or may not have done its work. */

const lost = () => Promise.reject(new Error('fetch failed'));
const input: DeployFunctionInput = {
  connectionId: 'test',
  region: 'ap-singapore',
  namespace: 'default',
  name: 'sale-page',
  runtime: 'Python3.10',
  handler: 'index.main_handler',
  memoryMb: 128,
  timeoutS: 3,
  code: 'pass',
};
const ignore = () => {};

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Deploying() {
  const { deployment, deploy } = useFunctionDeployment(lost, ignore);
  return (
    <>
      <button type="button" onClick={() => deploy(input)}>
        Deploy
      </button>
      <DeployProgress deployment={deployment} />
    </>
  );
}

function Reading({ startSync }: { readonly startSync: StartSyncAction }) {
  const { addFunction, problem } = useLiveEstate('test', testEstate(), startSync);
  const fn = { ...input, version: '1', at: '2026-12-11T15:00:00.000Z' };
  return (
    <>
      <button type="button" onClick={() => addFunction(fn)}>
        Add
      </button>
      <EditorNotices
        action={{ refusal: null, isUnknown: false }}
        failure={null}
        syncProblem={problem}
        onRetryCheck={null}
      />
    </>
  );
}

it('reports that it is unknown whether a deployment was started', async () => {
  renderPage(<Deploying />);
  fireEvent.click(screen.getByRole('button', { name: 'Deploy' }));
  expect((await screen.findByRole('alert')).textContent).toContain(
    'It is unknown whether the deployment of sale-page started.',
  );
});

it('shows the error of the cloud for a failed deployment', () => {
  const error = {
    code: 'ResourceInsufficient.CodeStorage',
    message: 'no space left for code',
    requestId: '0b8f4cf4-9f5e-4a53-8c5c-1d1b0a2f9f11',
    action: 'CreateFunction',
    region: 'ap-singapore',
    mayHaveHappened: false,
    advice: 'giveUp',
  } as const;
  renderPage(<DeployProgress deployment={{ state: 'failed', input, error }} />);
  const failure = screen.getByRole('alert').textContent;
  for (const words of ['sale-page', error.code, error.message, error.requestId])
    expect(failure).toContain(words);
});

it.each([
  ['CreateFunction', 'ResourceInsufficient.CodeStorage', false, 'Nothing has changed in the cloud.'],
  ['UpdateFunctionCode', 'InternalError', true, 'The cloud may have the new code.'],
  ['UpdateFunctionCode', 'Refused.FunctionInUse', true, 'Nothing has changed in the cloud.'],
  ['GetFunction', 'RequestLimitExceeded', false, 'The cloud may have the new code.'],
  ['PublishVersion', 'InternalError', true, 'but no version was published.'],
  ['CreateAlias', 'InternalError', true, 'but the alias does not point to it.'],
] as const)('shows what is in effect after %s failed with %s', (action, code, mayHaveHappened, words) => {
  const error = { action, code, mayHaveHappened, message: 'no', requestId: null, region: null } as const;
  renderPage(
    <DeployProgress deployment={{ state: 'failed', input, error: { ...error, advice: 'giveUp' } }} />,
  );
  const failure = screen.getByRole('alert').textContent;
  expect(failure).toContain(words);
  expect(failure).toContain('What you entered is kept');
});

it('reports that the progress of a running deployment can’t be loaded', () => {
  const running = { state: 'running', input, stage: 'waiting' } as const;
  renderPage(<DeployProgress deployment={{ ...running, isLost: true }} />);
  expect(screen.getByText(/The progress can't be loaded/)).toBeTruthy();
});

it('reports that it is unknown whether a sync was started', async () => {
  vi.stubGlobal('fetch', lost);
  renderPage(<Reading startSync={lost} />);
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(await screen.findByText(/unknown whether the sync started/)).toBeTruthy();
  expect(screen.getByText('The estate could not be synced.')).toBeTruthy();
});

it('explains why the estate is not synced', async () => {
  vi.stubGlobal('fetch', lost);
  const refused = async () =>
    err({ fields: {}, form: { message: 'connection.gone', values: { id: 'test' } } });
  renderPage(<Reading startSync={refused} />);
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(await screen.findByText(/Account test no longer exists/)).toBeTruthy();
});

it('shows what a function can reach on this machine', () => {
  renderPage(<IsolationNote isolation="weak" />);
  expect(screen.getByText(/files of the user who runs Spillway/)).toBeTruthy();
});
