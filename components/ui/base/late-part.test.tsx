// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import { startTransition } from 'react';
import { flushSync } from 'react-dom';
import { hydrateRoot } from 'react-dom/client';
import { renderToReadableStream } from 'react-dom/server.edge';
import { afterEach, expect, it, vi } from 'vitest';
import { messages } from '@/lib/messages/messages';
import { Select } from '../select';
import { replayEarlyClicks } from './early-clicks';
import { LatePart } from './late-part';
import { type OnDemand, onDemand } from './on-demand';

afterEach(() => {
  cleanup();
  pressed.mockClear();
  document.body.replaceChildren();
});

replayEarlyClicks();

const pressed = vi.fn();
const part = {
  Notice: ({ text }: { readonly text: string }) => (
    <button type="button" onClick={pressed}>
      {text}
    </button>
  ),
};
type Part = typeof part;

const page = (late: OnDemand<Part>, text = 'Paused') => (
  <main>
    <LatePart part={late}>{({ Notice }) => <Notice text={text} />}</LatePart>
  </main>
);

/** Renders the page as a server does, into the document. */
async function serve(): Promise<HTMLElement> {
  const stream = await renderToReadableStream(page(onDemand(async () => part, 'use')));
  await stream.allReady;
  const place = document.createElement('div');
  place.innerHTML = await new Response(stream).text();
  document.body.append(place);
  return place;
}

/** A part that the test loads explicitly. */
function later() {
  let [resolve, reject]: [(part: Part) => void, (error: Error) => void] = [() => {}, () => {}];
  const promise = new Promise<Part>((...ends) => {
    [resolve, reject] = ends;
  });
  return {
    late: onDemand(() => promise, 'use'),
    arrive: () => act(async () => resolve(part)),
    fail: () => act(async () => reject(new Error('no such chunk'))),
  };
}

it('is part of what the server renders, stays while its code is loaded, and then answers', async () => {
  const place = await serve();
  expect(place.innerHTML).toContain('>Paused</button>');
  const before = screen.getByRole('button', { name: 'Paused' });
  before.focus();
  const { late, arrive } = later();
  const root = await act(async () => hydrateRoot(place, page(late)));
  expect(screen.getByRole('button')).toBe(before);
  await arrive();
  expect(screen.getByRole('button')).toBe(before);
  expect(document.activeElement).toBe(before);
  fireEvent.click(before);
  expect(pressed).toHaveBeenCalledOnce();
  act(() => root.unmount());
});

it('keeps what the server rendered when the page changes before its code is loaded', async () => {
  const place = await serve();
  const before = screen.getByRole('button', { name: 'Paused' });
  const { late, arrive } = later();
  const root = await act(async () => hydrateRoot(place, page(late)));
  await act(async () => root.render(page(late, 'Paused by local')));
  expect(screen.getByRole('button')).toBe(before);
  await arrive();
  expect(screen.getByRole('button', { name: 'Paused by local' })).toBe(before);
  act(() => root.unmount());
});

it('answers a click that was made while its code was loaded, once', async () => {
  const place = await serve();
  const { late, arrive } = later();
  const root = await act(async () => hydrateRoot(place, page(late)));
  fireEvent.click(screen.getByRole('button'));
  expect(pressed).not.toHaveBeenCalled();
  await arrive();
  await vi.waitFor(() => expect(pressed).toHaveBeenCalledOnce());
  fireEvent.click(screen.getByRole('button'));
  expect(pressed).toHaveBeenCalledTimes(2);
  act(() => root.unmount());
});

it('answers a click that was made before the page was hydrated, once', async () => {
  const place = await serve();
  fireEvent.click(screen.getByRole('button'));
  const { late, arrive } = later();
  await arrive();
  const root = await act(async () => hydrateRoot(place, page(late)));
  await vi.waitFor(() => expect(pressed).toHaveBeenCalledOnce());
  act(() => root.unmount());
});

it('answers a click that arrives while React hydrates the page, once', async () => {
  const place = await serve();
  const { late, arrive } = later();
  await arrive();
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const root = await act(async () => {
    const hydrated = hydrateRoot(place, page(late));
    fireEvent.click(screen.getByRole('button'));
    return hydrated;
  });
  vi.runAllTimers();
  vi.useRealTimers();
  expect(pressed).toHaveBeenCalledOnce();
  act(() => root.unmount());
});

const lists = {
  Choice: () => (
    <Select id="choice" value="" options={[{ value: 'a', label: 'First' }]} onChange={() => {}} />
  ),
};

it('opens a list that was clicked before its code was loaded', async () => {
  const view = (part: OnDemand<typeof lists>) => (
    <NextIntlClientProvider locale="en" messages={messages}>
      <LatePart part={part}>{({ Choice }) => <Choice />}</LatePart>
    </NextIntlClientProvider>
  );
  const stream = await renderToReadableStream(view(onDemand(async () => lists, 'use')));
  await stream.allReady;
  const place = document.createElement('div');
  place.innerHTML = await new Response(stream).text();
  document.body.append(place);
  const placeholder = screen.getByRole('combobox');
  fireEvent.click(placeholder);
  const root = await act(async () => hydrateRoot(place, view(onDemand(async () => lists, 'use'))));
  expect(await screen.findByRole('option', { name: 'First' })).toBeTruthy();
  expect(placeholder.isConnected).toBe(false);
  act(() => root.unmount());
});

it('changes together with the page once it is shown', async () => {
  const place = await serve();
  const { late, arrive } = later();
  const root = await act(async () => hydrateRoot(place, page(late)));
  await arrive();
  // An urgent update alone, without the deferred ones that follow it.
  flushSync(() => root.render(page(late, 'Paused by local')));
  expect(screen.getByRole('button').textContent).toBe('Paused by local');
  act(() => root.unmount());
});

it('shows nothing until its code is loaded where the server has not rendered it, then without a wait', async () => {
  const { late, arrive } = later();
  await act(async () => render(page(late)));
  expect(screen.queryByRole('button')).toBeNull();
  await arrive();
  expect(screen.getByRole('button', { name: 'Paused' })).toBeTruthy();
  cleanup();
  render(page(late));
  expect(screen.getByRole('button', { name: 'Paused' })).toBeTruthy();
});

it('is sent in its place, answers once it is loaded, and does not delay the rest if others are below it', async () => {
  const large = <p>{'word '.repeat(4000)}</p>;
  const awaited = (late: OnDemand<Part>, text = 'Paused') => (
    <main>
      {large}
      <LatePart part={late} isAwaited>
        {({ Notice }) => <Notice text={text} />}
      </LatePart>
      <button type="button" onClick={pressed}>
        Resume
      </button>
    </main>
  );
  const loaded = onDemand(async () => part, 'use');
  const stream = await renderToReadableStream(awaited(loaded, 'Paused '.repeat(100)));
  await stream.allReady;
  expect(await new Response(stream).text()).toMatch(/>Paused Paused .*>Resume</);

  const place = document.createElement('div');
  const served = await renderToReadableStream(awaited(onDemand(async () => part, 'use')));
  await served.allReady;
  place.innerHTML = await new Response(served).text();
  document.body.append(place);
  const notice = screen.getByRole('button', { name: 'Paused' });
  const { late, arrive } = later();
  const root = await act(async () => hydrateRoot(place, awaited(late)));
  pressed.mockClear();
  fireEvent.click(screen.getByRole('button', { name: 'Resume' }));
  expect(pressed).toHaveBeenCalledOnce();
  expect(screen.getByRole('button', { name: 'Paused' })).toBe(notice);
  await arrive();
  fireEvent.click(notice);
  expect(pressed).toHaveBeenCalledTimes(2);
  expect(screen.getByRole('button', { name: 'Paused' })).toBe(notice);
  act(() => root.unmount());
});

it('keeps the page before until its code is loaded if others are below it', async () => {
  const { late, arrive } = later();
  const { rerender } = await act(async () => render(<h1>Overview</h1>));
  await act(async () =>
    startTransition(() =>
      rerender(
        <main>
          <LatePart part={late} isAwaited>
            {({ Notice }) => <Notice text="Paused" />}
          </LatePart>
          <h1>Run</h1>
        </main>,
      ),
    ),
  );
  expect(screen.getByRole('heading').textContent).toBe('Overview');
  await arrive();
  expect(screen.getByRole('heading').textContent).toBe('Run');
  expect(screen.getByRole('button', { name: 'Paused' })).toBeTruthy();
});

it('says in its place that it could not be loaded', async () => {
  const { late, fail } = later();
  await act(async () =>
    render(
      <NextIntlClientProvider locale="en" timeZone="UTC" messages={messages}>
        {page(late)}
      </NextIntlClientProvider>,
    ),
  );
  await fail();
  expect(screen.getByText('This part could not be loaded. Reload the page.')).toBeTruthy();
});
