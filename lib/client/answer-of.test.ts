import { UnrecognizedActionError } from 'next/dist/client/components/unrecognized-action-error';
import { expect, test } from 'vitest';
import { ok } from '@/lib/result';
import { answerOf } from './answer-of';
import { otherBuild } from './other-build';

test('an answer is passed on, and one that got lost stays lost', async () => {
  expect(await answerOf(Promise.resolve(ok(1)))).toEqual(ok(1));
  const lost = new TypeError('fetch failed');
  await expect(answerOf(Promise.reject(lost))).rejects.toBe(lost);
  expect(otherBuild.isSeen()).toBe(false);
});

test('an action that the server does not know was refused, and tells of another build', async () => {
  const told: boolean[] = [];
  const stop = otherBuild.watch(() => told.push(otherBuild.isSeen()));
  expect(await answerOf(Promise.reject(new UnrecognizedActionError('not found')))).toEqual({
    ok: false,
    error: { fields: {}, form: { message: 'page.outdated' } },
  });
  expect(told).toEqual([true]);
  stop();
});
