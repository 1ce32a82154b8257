// @vitest-environment happy-dom
import { UnrecognizedActionError } from 'next/dist/client/components/unrecognized-action-error';
import { expect, test } from 'vitest';
import { ok } from '@/lib/result';
import { checkAnswer } from './check-answer';
import { otherBuild } from './other-build';

test('passes on a response, and a lost one as lost', async () => {
  expect(await checkAnswer(Promise.resolve(ok(1)))).toEqual(ok(1));
  const lost = new TypeError('fetch failed');
  await expect(checkAnswer(Promise.reject(lost))).rejects.toBe(lost);
  expect(otherBuild.isSeen()).toBe(false);
});

test('treats an action that the server does not know as refused, and reports another build', async () => {
  const seen: boolean[] = [];
  const stop = otherBuild.watch(() => seen.push(otherBuild.isSeen()));
  expect(await checkAnswer(Promise.reject(new UnrecognizedActionError('not found')))).toEqual({
    ok: false,
    error: { fields: {}, form: { message: 'page.outdated' } },
  });
  expect(seen).toEqual([true]);
  stop();
});
