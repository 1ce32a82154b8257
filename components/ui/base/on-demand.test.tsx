// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { type RefObject, useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { onDemand, StandInButton, StandInInput, usePart, useStandIn } from './on-demand';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

type FullProps = { readonly focus: RefObject<HTMLButtonElement | null>; readonly isOpen: boolean };
const Full = ({ focus, isOpen }: FullProps) => (
  <button type="button" ref={focus} aria-expanded={isOpen}>
    full
  </button>
);

/** A part that the test loads explicitly. */
function later<Part>(part: Part) {
  let [resolve, reject]: [(part: Part) => void, (error: Error) => void] = [() => {}, () => {}];
  const promise = new Promise<Part>((...ends) => {
    [resolve, reject] = ends;
  });
  const fetchPart = vi.fn(() => promise);
  return {
    onDemand: onDemand(fetchPart),
    fetchPart,
    arrive: () => act(async () => resolve(part)),
    fail: () => act(async () => reject(new Error('no such chunk'))),
  };
}

type ChoiceProps = { readonly part: ReturnType<typeof onDemand<typeof Full>> };

function Choice({ part }: ChoiceProps) {
  const { part: Part, takeOver, standIn, open } = useStandIn(part);
  return Part === null ? (
    <StandInButton {...standIn} onClick={open}>
      stand-in
    </StandInButton>
  ) : (
    <Part {...takeOver} />
  );
}

function Seen({ part }: ChoiceProps) {
  return <p>{String(usePart(part, true))}</p>;
}

function Typed({ part }: { readonly part: ReturnType<typeof onDemand<string>> }) {
  const [value, setValue] = useState('');
  const { part: field, takeOver, standIn, open } = useStandIn<string, HTMLInputElement>(part);
  const input = { value, onChange: ({ target }: { target: HTMLInputElement }) => setValue(target.value) };
  return field === null ? (
    <StandInInput {...standIn} {...input} onKeyDown={open} />
  ) : (
    <input ref={takeOver.focus} {...input} />
  );
}

it('loads a part when the page is idle, and inserts it closed', async () => {
  const { onDemand: part, fetchPart, arrive } = later(Full);
  render(<Choice part={part} />);
  await expect.poll(() => fetchPart.mock.calls.length).toBe(1);
  expect(screen.getByRole('button').textContent).toBe('stand-in');
  await arrive();
  const full = screen.getByRole('button');
  expect([full.textContent, full.getAttribute('aria-expanded')]).toEqual(['full', 'false']);
  expect(document.activeElement).toBe(document.body);
});

it.each([
  ['a press', (button: HTMLElement) => fireEvent.click(button)],
  ['an arrow key', (button: HTMLElement) => fireEvent.keyDown(button, { key: 'ArrowDown' })],
])('opens the part that %s requested, and keeps the focus', async (_, press) => {
  const { onDemand: part, fetchPart, arrive } = later(Full);
  render(<Choice part={part} />);
  screen.getByRole('button').focus();
  press(screen.getByRole('button'));
  expect(fetchPart).toHaveBeenCalledOnce();
  await arrive();
  const full = screen.getByRole('button');
  expect([full.textContent, full.getAttribute('aria-expanded')]).toEqual(['full', 'true']);
  expect(document.activeElement).toBe(full);
});

it('keeps the placeholder when its part can’t be loaded, and retries at the next press', async () => {
  const { onDemand: part, fetchPart, fail } = later(Full);
  render(<Choice part={part} />);
  fireEvent.click(screen.getByRole('button'));
  await fail();
  expect(screen.getByRole('button').textContent).toBe('stand-in');
  fireEvent.click(screen.getByRole('button'));
  expect(fetchPart).toHaveBeenCalledTimes(2);
});

it('distinguishes a part that is loading from one that can’t be loaded', async () => {
  const { onDemand: part, fail } = later(Full);
  const { container } = render(<Seen part={part} />);
  expect(container.textContent).toBe('null');
  await fail();
  expect(container.textContent).toBe('missing');
});

it('keeps text and cursor when a text field is replaced', async () => {
  const { onDemand: part, arrive } = later('field');
  render(<Typed part={part} />);
  const before = screen.getByRole<HTMLInputElement>('textbox');
  before.focus();
  fireEvent.keyDown(before, { key: 's' });
  fireEvent.change(before, { target: { value: 'shop.example.com' } });
  before.setSelectionRange(4, 4);
  await arrive();
  const after = screen.getByRole<HTMLInputElement>('textbox');
  expect(after).not.toBe(before);
  expect(document.activeElement).toBe(after);
  expect([after.value, after.selectionStart]).toEqual(['shop.example.com', 4]);
});
