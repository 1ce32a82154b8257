// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, expect, it } from 'vitest';
import { Select } from './select';

afterEach(cleanup);

const lists = {
  first: ['HTTP:80', 'HTTPS:443'],
  second: ['HTTP:8080'],
};

/** A select that depends on another one, as a listener depends on its load balancer. */
function Dependent() {
  const [list, setList] = useState<keyof typeof lists>('first');
  const [value, setValue] = useState('');
  return (
    <>
      <Select
        aria-label="Listener"
        options={lists[list].map((name) => ({ value: name, label: name }))}
        value={value}
        onChange={setValue}
        placeholder="Choose offset"
      />
      <button
        type="button"
        onClick={() => {
          setList('second');
          setValue('HTTP:8080');
        }}
      >
        Other list
      </button>
    </>
  );
}

it('keeps a value filled in with another list, even after its own list was open', async () => {
  render(<Dependent />);
  const listener = screen.getByRole('combobox', { name: 'Listener' });
  // On focus the list is rendered and stays, as in a browser.
  fireEvent.focus(listener);
  fireEvent.click(listener);
  const option = await screen.findByRole('option', { name: 'HTTP:80' });
  fireEvent.pointerDown(option);
  fireEvent.mouseMove(option);
  fireEvent.click(option);
  await waitFor(() => expect(listener.textContent).toContain('HTTP:80'));
  fireEvent.click(screen.getByRole('button', { name: 'Other list' }));
  expect(listener.textContent).toContain('HTTP:8080');
});
