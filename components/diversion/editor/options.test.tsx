// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { never, openEditor } from '@/testing/components/test-editor';
import { testLoadBalancer } from '@/testing/plan/test-estate';

/** The lists of the editor, whose options the server finds. */

beforeEach(() => window.sessionStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const many = Array.from({ length: 120 }, (_, n) => testLoadBalancer(`lb-${String(n).padStart(3, '0')}`));
const search = () => screen.findByRole('combobox', { name: 'Type to search' });
const names = () => screen.queryAllByRole('option').map((option) => option.textContent ?? '');

it('lists the first options, says how many there are, and finds the others by typing', async () => {
  const { b } = await openEditor(never, { change: { loadBalancers: many } });
  fireEvent.click(b.getByRole('combobox', { name: 'Load balancer' }));
  await waitFor(() => expect(names()).toHaveLength(51));
  expect(names().at(-1)).toContain('Create load balancer');
  expect(screen.getByText('70 more. Type to narrow.')).toBeTruthy();
  fireEvent.change(await search(), { target: { value: 'lb-119' } });
  await waitFor(() => expect(names()[0]).toContain('lb-119'));
  const [found] = screen.getAllByRole('option');
  if (found !== undefined) fireEvent.click(found);
  await waitFor(() =>
    expect(b.getByRole('combobox', { name: 'Load balancer' }).textContent).toContain('lb-119'),
  );
});

it('says that options could not be loaded, and loads them on demand', async () => {
  const server = { isDown: true };
  const { b } = await openEditor(never, { server });
  fireEvent.click(b.getByRole('combobox', { name: 'Load balancer' }));
  await screen.findByText('The options could not be loaded.');
  expect(names()).toEqual(['Create load balancer…']);
  server.isDown = false;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(names()[0]).toContain('lb-cvm'));
});

it('keeps what was entered in a dialog while the server does not answer', async () => {
  const server = { isDown: false };
  const { b } = await openEditor(never, { server });
  fireEvent.click(b.getByRole('combobox', { name: 'Load balancer' }));
  fireEvent.click(await screen.findByRole('option', { name: /Create load balancer/ }));
  const name = await screen.findByLabelText('Name');
  fireEvent.change(name, { target: { value: 'lb-new' } });
  server.isDown = true;
  fireEvent.click(screen.getByRole('button', { name: 'Add to plan' }));
  await screen.findByText(/could not be read/);
  expect(screen.getByLabelText('Name')).toHaveProperty('value', 'lb-new');
  server.isDown = false;
  fireEvent.click(screen.getByRole('button', { name: 'Add to plan' }));
  await waitFor(() =>
    expect(b.getByRole('combobox', { name: 'Load balancer' }).textContent).toContain('lb-new'),
  );
});
