import 'server-only';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { requestCaller } from '@/lib/server/request-actor';

/** A hash takes a thread and 32 MB for about 0.1 s: more at a time would delay everyone, and sign no one in sooner. */
const hashesAtATime = 2;
/** Sign-ins that wait for them: one address, which has ten attempts a minute, can't fill the queue. */
const waitingMax = 10;

type Turns = {
  running: number;
  /** The hashes that wait, those of people who are signed in first. */
  readonly waiting: { readonly isSignedIn: boolean; readonly start: () => void }[];
  /** Sign-ins whose password is being checked. */
  signIns: number;
};

/** On `globalThis`, because Next may load this module more than once in a process. */
const holder: typeof globalThis & { spillwayHashes?: Turns } = globalThis;

function hashTurns(): Turns {
  holder.spillwayHashes ??= { running: 0, waiting: [], signIns: 0 };
  return holder.spillwayHashes;
}

const isSignedIn = (): boolean => (requestCaller()?.actor.role ?? null) !== null;

/** Computes a hash when fewer than two are being computed. */
export async function inTurn<T>(hash: () => Promise<T>): Promise<T> {
  const turns = hashTurns();
  if (turns.running >= hashesAtATime)
    await new Promise<void>((start) => {
      const place = isSignedIn() ? turns.waiting.findIndex((each) => !each.isSignedIn) : -1;
      turns.waiting.splice(place < 0 ? turns.waiting.length : place, 0, { isSignedIn: isSignedIn(), start });
    });
  else turns.running += 1;
  try {
    return await hash();
  } finally {
    const next = turns.waiting.shift();
    // The next one has the turn of this one.
    if (next === undefined) turns.running -= 1;
    else next.start();
  }
}

/** The hashes of passwords, as better-auth computes them, at most two at a time. */
export const passwordHashes = {
  hash: (password: string) => inTurn(() => hashPassword(password)),
  verify: (data: Parameters<typeof verifyPassword>[0]) => inTurn(() => verifyPassword(data)),
};

/**
 * Returns whether so many sign-ins are checking their password that the caller must come again later. It is never so for
 * someone who is signed in, whose number of attempts is limited.
 */
export function isSignInFull(): boolean {
  return !isSignedIn() && hashTurns().signIns >= hashesAtATime + waitingMax;
}

/** Counts a sign-in for as long as its password is checked. */
export async function countSignIn<T>(check: () => Promise<T>): Promise<T> {
  const turns = hashTurns();
  turns.signIns += 1;
  try {
    return await check();
  } finally {
    turns.signIns -= 1;
  }
}
