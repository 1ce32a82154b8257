// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { renderPage } from '@/testing/components/test-page';
import { Autocomplete } from './autocomplete';
import { Picker } from './picker';

afterEach(cleanup);

const empty = { options: [], value: '', onChange: () => {} };
const heights = (control: HTMLElement) =>
  control.className.split(' ').filter((name) => /^(max-md:)?(min-)?h-/.test(name));

it('gives all controls of a form the same height, on phones too', () => {
  renderPage(
    <>
      <Input aria-label="Text" />
      <Select {...empty} aria-label="Select" placeholder="Choose" />
      <Picker {...empty} aria-label="Picker" placeholder="Choose" />
      <Autocomplete {...empty} placeholder="Autocomplete" emptyText="None" openLabel="Open" />
    </>,
  );
  const [text, ...others] = [
    screen.getByRole('textbox', { name: 'Text' }),
    ...screen.getAllByRole('combobox'),
  ];
  expect(heights(text)).toEqual(['h-8', 'max-md:min-h-11']);
  expect(others.map(heights)).toEqual(others.map(() => heights(text)));
});
