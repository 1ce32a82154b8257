import { expect, test } from 'vitest';
import { fileDatabase } from '@/testing/db/test-file-database';
import { sharedSecret } from './shared-secret';

const database = fileDatabase();

test('returns the same secret to concurrent and later processes', async () => {
  const first = await Promise.all(Array.from({ length: 8 }, () => sharedSecret(database.url, 'one')));
  expect(new Set(first).size).toBe(1);
  expect(Buffer.from(first[0] ?? '', 'base64')).toHaveLength(32);
  expect(await sharedSecret(database.url, 'one')).toBe(first[0]);
});

test('has a different secret for each name', async () => {
  expect(await sharedSecret(database.url, 'two')).not.toBe(await sharedSecret(database.url, 'one'));
});
