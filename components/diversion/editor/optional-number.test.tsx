// @vitest-environment happy-dom
import { act, fireEvent } from '@testing-library/react';
import { useState } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server.edge';
import { expect, it } from 'vitest';
import { useTypedBefore } from './optional-number';

function Field() {
  const [text, setText] = useState('');
  return (
    <>
      <input
        ref={useTypedBefore(text, setText)}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <output>{text}</output>
    </>
  );
}

it('takes what was typed into the field of the server', async () => {
  const place = document.createElement('div');
  place.innerHTML = renderToString(<Field />);
  document.body.append(place);
  const [field, output] = [place.querySelector('input'), place.querySelector('output')];
  if (field === null) throw new Error('no field');
  field.value = '60';
  const root = await act(async () => hydrateRoot(place, <Field />));
  expect(output?.textContent).toBe('60');
  fireEvent.change(field, { target: { value: '601' } });
  expect(output?.textContent).toBe('601');
  act(() => root.unmount());
  place.remove();
});
