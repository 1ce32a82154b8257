import { expect, it } from 'vitest';
import { isolationNote } from './isolation-note';

it('warns wherever functions can reach more than themselves', () => {
  expect(isolationNote('jail')).toBeNull();
  expect(isolationNote('user')).toContain('this dashboard too');
  expect(isolationNote('weak')).toContain('as your own user');
});
