// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { ok } from '@/lib/result';
import { renderPage } from '@/testing/components/test-page';
import { useNewFunction } from './use-new-function';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const form = {
  name: 'hello',
  namespace: 'default',
  runtime: 'Python3.10',
  handler: 'index.main_handler',
  memoryMb: 128,
  timeoutS: 3,
  alias: '',
  code: 'def main_handler(event, context): ...',
} as const;

function Routes({ onReady }: { readonly onReady: (routeKey: string) => void }) {
  const { isOpen, open, close, deploy } = useNewFunction({
    connectionId: 'test',
    regionOf: () => 'ap-singapore',
    deployFunction: async () => ok({ deploymentId: 'F-1' }),
    onReady: ({ routeKey }) => onReady(routeKey),
  });
  return (
    <>
      {['a', 'b'].map((key) => (
        <button key={key} type="button" onClick={() => open(key)}>
          Open {key}
        </button>
      ))}
      <button type="button" onClick={() => deploy(form, 'ap-singapore', false, '')}>
        Deploy
      </button>
      <button type="button" onClick={close}>
        Close
      </button>
      <p>{isOpen ? 'open' : 'closed'}</p>
    </>
  );
}

it.each([
  { title: 'stays open for another route', opened: 'b', state: 'open' },
  { title: 'closes for its own route', opened: 'a', state: 'closed' },
])('when a function is ready, the dialog $title', async ({ opened, state }) => {
  let answer = (_view: object) => {};
  const read = new Promise<object>((resolve) => {
    answer = resolve;
  });
  vi.stubGlobal('fetch', async () => Response.json(await read));
  const onReady = vi.fn();
  renderPage(<Routes onReady={onReady} />);
  for (const name of ['Open a', 'Deploy', 'Close', `Open ${opened}`]) fireEvent.click(screen.getByText(name));
  await act(async () => answer({ state: 'done', version: '1' }));
  await waitFor(() => expect(onReady).toHaveBeenCalledExactlyOnceWith('a'));
  expect(screen.getByText(state)).toBeTruthy();
});
