// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { useAction } from '@/components/shell/use-action';
import { startNavigation } from '@/components/ui/base/navigation-start';
import type { Answer } from '@/lib/contract/answer';
import { err, ok } from '@/lib/result';
import { renderPage } from '@/testing/components/test-page';
import { Reauthentication } from './reauthentication';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Page({ send, onDone }: { readonly send: () => Answer<null>; readonly onDone: () => void }) {
  const action = useAction(send, onDone);
  return (
    <>
      <button type="button" onClick={() => action.send(undefined)}>
        Invite
      </button>
      <p>{action.refusal}</p>
      <Reauthentication />
    </>
  );
}

/**
 * A page whose command needs a recent sign-in, and a server that knows one password and one code. It answers the command
 * once `answered` resolves.
 */
function openPage(by: 'password' | 'code', answered = Promise.resolve()) {
  let isRecent = false;
  const asked: unknown[] = [];
  vi.stubGlobal('fetch', async (_path: string, { body }: { body: string }) => {
    asked.push(JSON.parse(body));
    isRecent = body.includes('right') || body.includes('123456');
    const refused = { fields: { [by]: [`${by}.wrong`] }, form: null };
    return Response.json(isRecent ? null : refused, { status: isRecent ? 200 : 422 });
  });
  const send = vi.fn(async () => {
    await answered;
    return isRecent ? ok(null) : err({ fields: {}, form: { message: 'session.notRecent', values: { by } } });
  });
  const onDone = vi.fn();
  renderPage(<Page send={send} onDone={onDone} />);
  fireEvent.click(screen.getByText('Invite'));
  return { send, onDone, asked };
}

it('repeats a command once the person has entered their password', async () => {
  const { send, onDone, asked } = openPage('password');
  const field = await screen.findByLabelText('Your password');
  fireEvent.change(field, { target: { value: 'wrong' } });
  fireEvent.click(screen.getByRole('button', { name: 'Confirm' }));
  expect(await screen.findByText('This password is wrong.')).toBeTruthy();
  expect(send).toHaveBeenCalledTimes(1);
  fireEvent.change(field, { target: { value: 'right' } });
  fireEvent.click(screen.getByRole('button', { name: 'Confirm' }));
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
  expect(send).toHaveBeenCalledTimes(2);
  expect(asked.at(-1)).toEqual({ password: 'right', code: null });
  await waitFor(() => expect(screen.queryByLabelText('Your password')).toBeNull());
});

it('asks for a code instead if the person has a second factor', async () => {
  const { onDone, asked } = openPage('code');
  fireEvent.change(await screen.findByLabelText('Code'), { target: { value: '123456' } });
  fireEvent.click(screen.getByRole('button', { name: 'Confirm' }));
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
  expect(asked).toEqual([{ password: null, code: '123456' }]);
});

it('leaves a command refused whose page was left before the answer', async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { send } = openPage('password', answered);
  await waitFor(() => expect(send).toHaveBeenCalledTimes(1));
  startNavigation('/schedule', 'push');
  answer();
  expect(await screen.findByText(/: Nothing was done\. This needs a sign-in/)).toBeTruthy();
  expect(screen.queryByLabelText('Your password')).toBeNull();
  expect(send).toHaveBeenCalledTimes(1);
});

it('leaves the command refused if the person cancels', async () => {
  const { send, onDone } = openPage('password');
  await screen.findByLabelText('Your password');
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(await screen.findByText(/This needs a sign-in/)).toBeTruthy();
  expect(send).toHaveBeenCalledTimes(1);
  expect(onDone).not.toHaveBeenCalled();
});
