import 'server-only';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { requestCaller } from '@/lib/server/request-actor';

type Turns = {
  /** A hash takes a core and 32 MB for about 0.1 s: two at a time would leave none of two cores to those who are signed in. */
  isRunning: boolean;
  /** The hashes that wait, those of people who are signed in first. */
  readonly waiting: { readonly isSignedIn: boolean; readonly start: () => void }[];
};

/** On `globalThis`, because Next may load this module more than once in a process. */
const holder: typeof globalThis & { spillwayHashes?: Turns } = globalThis;

function hashTurns(): Turns {
  holder.spillwayHashes ??= { isRunning: false, waiting: [] };
  return holder.spillwayHashes;
}

const isSignedIn = (): boolean => (requestCaller()?.actor.role ?? null) !== null;

/** Computes a hash once no other one is being computed. */
export async function inTurn<T>(hash: () => Promise<T>): Promise<T> {
  const turns = hashTurns();
  if (turns.isRunning)
    await new Promise<void>((start) => {
      const place = isSignedIn() ? turns.waiting.findIndex((each) => !each.isSignedIn) : -1;
      turns.waiting.splice(place < 0 ? turns.waiting.length : place, 0, { isSignedIn: isSignedIn(), start });
    });
  else turns.isRunning = true;
  try {
    return await hash();
  } finally {
    const next = turns.waiting.shift();
    // The next one has the turn of this one.
    if (next === undefined) turns.isRunning = false;
    else next.start();
  }
}

/** The hashes of passwords, as better-auth computes them, one at a time. */
export const passwordHashes = {
  hash: (password: string) => inTurn(() => hashPassword(password)),
  verify: (data: Parameters<typeof verifyPassword>[0]) => inTurn(() => verifyPassword(data)),
};
