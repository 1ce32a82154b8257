import { fireEvent, screen, waitFor, type within } from '@testing-library/react';
import { expect } from 'vitest';

/** Chooses an option of a select by pointer. `option` is the start of the option's name. */
export async function choose(part: ReturnType<typeof within>, field: string, option: string): Promise<void> {
  fireEvent.click(part.getByLabelText(field));
  const [choice] = await screen.findAllByRole('option', { name: (name) => name.startsWith(option) });
  if (choice === undefined) throw new Error(`${option} can be chosen`);
  fireEvent.pointerDown(choice);
  fireEvent.mouseMove(choice);
  fireEvent.click(choice);
  // `queryByRole` would print the whole page for each try that finds several.
  await waitFor(() => expect(screen.queryAllByRole('option').length).toBe(0));
}
