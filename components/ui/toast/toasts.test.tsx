// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { renderPage } from '@/testing/components/test-page';
import { Toasts, useToast } from './toasts';

afterEach(cleanup);

function Actions() {
  const toast = useToast();
  return (
    <>
      <button type="button" onClick={() => toast({ kind: 'done', title: 'Undone.' })}>
        Succeed
      </button>
      <button type="button" onClick={() => toast({ kind: 'failed', title: 'Not undone.' })}>
        Fail
      </button>
    </>
  );
}

it('marks the toast of a failed action', async () => {
  renderPage(
    <Toasts>
      <Actions />
    </Toasts>,
  );
  const isFailed = async (text: string) =>
    (await screen.findByText(text)).closest('[role=dialog]')?.querySelector('.lucide-circle-x') != null;
  fireEvent.click(screen.getByRole('button', { name: 'Succeed' }));
  expect(await isFailed('Undone.')).toBe(false);
  fireEvent.click(screen.getByRole('button', { name: 'Fail' }));
  expect(await isFailed('Not undone.')).toBe(true);
});
