import { expect, test } from 'vitest';
import { err, ok } from '@/lib/result';
import { reauthentication, sendVerb } from './send-verb';

const hasLeft = () => false;
const refused = { fields: {}, form: { message: 'session.notRecent', values: { by: 'code' } } };

test('a verb stays refused on a page whose frame can’t ask for a sign-in', async () => {
  expect(await sendVerb(async () => err(refused), hasLeft)).toEqual(err(refused));
});

test('a verb has the answer of its repetition, and its own if it is not repeated', async () => {
  reauthentication.repeat = async (answer, send) => (answer.ok ? null : send());
  const answers = [err(refused), ok(1), ok(2)];
  const send = async () => answers.shift() ?? err(refused);
  expect(await sendVerb(send, hasLeft)).toEqual(ok(1));
  expect(await sendVerb(send, hasLeft)).toEqual(ok(2));
  delete reauthentication.repeat;
});

test('a verb is not repeated for a page that was left', async () => {
  reauthentication.repeat = async (_answer, send) => send();
  const answers = [err(refused), ok(1)];
  const send = async () => answers.shift() ?? err(refused);
  expect(await sendVerb(send, () => true)).toEqual(err(refused));
  delete reauthentication.repeat;
});
