import { expect, test } from 'vitest';
import { sharedSecret } from './shared-secret';
import { fileDatabase } from './test-file-database';

const database = fileDatabase();

test('processes that ask at the same time get the same secret, and so does who asks later', async () => {
  const first = await Promise.all(Array.from({ length: 8 }, () => sharedSecret(database.url, 'one')));
  expect(new Set(first).size).toBe(1);
  expect(Buffer.from(first[0] ?? '', 'base64')).toHaveLength(32);
  expect(await sharedSecret(database.url, 'one')).toBe(first[0]);
});

test('another name has another one', async () => {
  expect(await sharedSecret(database.url, 'two')).not.toBe(await sharedSecret(database.url, 'one'));
});
