// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startNavigation } from '@/components/ui/base/navigation-start';
import { Toasts } from '@/components/ui/toast/toasts';
import type { ActionError } from '@/lib/contract/answer';
import { err, ok, type Result } from '@/lib/result';
import { renderPage } from '@/testing/components/test-page';
import { useAction } from '../use-action';
import { useDialog } from './use-dialog';

afterEach(cleanup);

type Sent = Promise<Result<null, ActionError>>;

function Part({ send, onDone }: { readonly send: () => Sent; readonly onDone: (isHere: boolean) => void }) {
  const action = useAction(send, (_value, isHere) => onDone(isHere));
  return (
    <button type="button" onClick={() => action.send(undefined)}>
      Send
    </button>
  );
}

function Page(props: Parameters<typeof Part>[0]) {
  const [isShown, setShown] = useState(true);
  return (
    <Toasts>
      {isShown ? <Part {...props} /> : null}
      <button type="button" onClick={() => setShown(false)}>
        Leave
      </button>
    </Toasts>
  );
}

/** A page that has sent an action, which the server answers later. */
function openSent() {
  let answer = (_answer: Result<null, ActionError>) => {};
  let fail = (_error: Error) => {};
  const onDone = vi.fn();
  const sent: Sent = new Promise((resolve, reject) => {
    answer = resolve;
    fail = reject;
  });
  document.title = 'Plan P-7';
  renderPage(<Page send={() => sent} onDone={onDone} />);
  fireEvent.click(screen.getByText('Send'));
  return {
    onDone,
    leave: () => fireEvent.click(screen.getByText('Leave')),
    answer: (given: Result<null, ActionError>) => act(async () => answer(given)),
    fail: () => act(async () => fail(new Error('connection lost'))),
  };
}

const refusal = err({ fields: {}, form: { message: 'The plan has changed.' } });

describe('an answer that arrives', () => {
  it('while the page is shown is followed, also after a change of its address', async () => {
    const { onDone, answer } = openSent();
    startNavigation(`${window.location.pathname}?tab=runs`, 'push');
    await answer(ok(null));
    expect(onDone).toHaveBeenCalledExactlyOnceWith(true);
  });

  it.each(['push', 'traverse'] as const)('after a %s to another page began is not followed', async (type) => {
    const { onDone, answer } = openSent();
    startNavigation(`/left-by-${type}`, type);
    await answer(ok(null));
    expect(onDone).toHaveBeenCalledExactlyOnceWith(false);
  });

  it('after its part was closed is not followed', async () => {
    const { onDone, leave, answer } = openSent();
    leave();
    await answer(ok(null));
    expect(onDone).toHaveBeenCalledExactlyOnceWith(false);
  });
});

describe('a failure that arrives after the part was closed', () => {
  it('is shown as a notice that names the page', async () => {
    const { leave, answer } = openSent();
    leave();
    await answer(refusal);
    expect(await screen.findByText('Plan P-7: Nothing was done. The plan has changed.')).toBeTruthy();
  });

  it.each(['page.outdated', 'session.notRecent', 'input.noFile', 'input.tooLarge'])(
    'says once that nothing was done: %s',
    async (message) => {
      const { leave, answer } = openSent();
      leave();
      await answer(err({ fields: {}, form: { message } }));
      expect((await screen.findByText(/^Plan P-7: .+ again|Send/)).textContent).toMatch(
        /^Plan P-7: Nothing was done\. (?!Nothing)/,
      );
    },
  );

  it('says that the outcome is unknown', async () => {
    const { leave, fail } = openSent();
    leave();
    await fail();
    expect(await screen.findByText(/Plan P-7: It is unknown whether this was done/)).toBeTruthy();
  });

  it('is not shown as a notice where the part shows it', async () => {
    const { answer } = openSent();
    await answer(refusal);
    expect(screen.queryByText(/Plan P-7/)).toBeNull();
  });
});

function Rows() {
  const dialog = useDialog<string>();
  const [closeFirst, setCloseFirst] = useState(() => () => {});
  return (
    <>
      <button
        type="button"
        onClick={() => {
          dialog.open(dialog.key === 0 ? 'first' : 'second');
        }}
      >
        Open
      </button>
      <button type="button" onClick={() => setCloseFirst(() => dialog.close)}>
        Keep
      </button>
      <button type="button" onClick={closeFirst}>
        Answer
      </button>
      <p>{dialog.isOpen ? `open for ${dialog.subject}` : 'closed'}</p>
    </>
  );
}

it('a dialog that was opened for another row is not closed by the answer for the first one', () => {
  renderPage(<Rows />);
  const press = (name: string) => fireEvent.click(screen.getByText(name));
  for (const name of ['Open', 'Keep', 'Open', 'Answer']) press(name);
  expect(screen.getByText('open for second')).toBeTruthy();
});
