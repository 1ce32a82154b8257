// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, expect, it } from 'vitest';
import { choose } from '@/testing/components/test-choose';
import { renderPage } from '@/testing/components/test-page';
import { Picker } from './picker';
import type { PickerOption } from './picker-option';

afterEach(cleanup);

const balancers: readonly PickerOption[] = [
  {
    value: 'lb-1',
    label: 'lb-classic',
    hint: 'ap-singapore',
    reason: 'Classic load balancers can’t take it',
  },
  { value: 'lb-2', label: 'lb-shop', hint: 'ap-singapore' },
  { value: 'lb-3', label: 'lb-flash', hint: 'ap-tokyo' },
  { value: 'create', label: 'Create load balancer', isAlways: true },
];

function Field({ options }: { readonly options: readonly PickerOption[] }) {
  const [value, setValue] = useState('');
  return (
    <Picker
      aria-label="Load balancer"
      options={options}
      value={value}
      onChange={setValue}
      placeholder="Choose"
    />
  );
}

async function open(options: readonly PickerOption[] = balancers) {
  renderPage(<Field options={options} />);
  fireEvent.click(screen.getByRole('combobox', { name: 'Load balancer' }));
  return screen.findByRole('combobox', { name: 'Type to search' });
}
const names = () => screen.getAllByRole('option').map((option) => option.textContent);

it('lists eligible options first, then the others with the reason, and the option to create one last', async () => {
  await open();
  expect(names()).toEqual([
    'lb-shopap-singapore',
    'lb-flashap-tokyo',
    'lb-classicap-singaporeClassic load balancers can’t take it',
    'Create load balancer',
  ]);
});

it('searches name, hint and reason by all words, and keeps the option to create one', async () => {
  const search = await open();
  fireEvent.change(search, { target: { value: 'tokyo flash' } });
  expect(names()).toEqual(['lb-flashap-tokyo', 'Create load balancer']);
  fireEvent.change(search, { target: { value: 'classic' } });
  expect(names()[0]).toContain('lb-classic');
});

it('accepts a choice, even an ineligible one, and shows it with its hint', async () => {
  renderPage(<Field options={balancers} />);
  await choose(within(document.body), 'Load balancer', 'lb-classic');
  expect(screen.getByRole('combobox', { name: 'Load balancer' }).textContent).toBe('lb-classicap-singapore');
});

it('renders only a part of thousands, and shows their number', async () => {
  const search = await open(
    Array.from({ length: 3000 }, (_, n) => ({ value: String(n), label: `function-${n}` })),
  );
  expect(screen.getAllByRole('option')).toHaveLength(100);
  expect(screen.getByText('2,900 more. Type to narrow.')).toBeTruthy();
  fireEvent.change(search, { target: { value: 'function-2999' } });
  expect(names()).toEqual(['function-2999']);
});
