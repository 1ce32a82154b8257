// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { ActionFailure } from '@/components/shell/action-failure';
import { IntlProvider } from '@/components/shell/intl-provider';
import { useAction } from '@/components/shell/use-action';
import { err } from '@/lib/result';

afterEach(cleanup);

function Sender() {
  const action = useAction(
    async () => err({ fields: { domain: ['route.domain'] }, form: { message: 'drift.gone' } }),
    () => {},
  );
  return (
    <>
      <button type="button" onClick={() => action.send(undefined)}>
        Send
      </button>
      <ActionFailure action={action} />
    </>
  );
}

it('shows the reason of a refusal on a page without the texts of refusals', async () => {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <IntlProvider>
        <Sender />
      </IntlProvider>
    </QueryClientProvider>,
  );
  fireEvent.click(screen.getByRole('button', { name: 'Send' }));
  expect(await screen.findByText('This is no longer drift. The page shows the current state.')).toBeTruthy();
});
