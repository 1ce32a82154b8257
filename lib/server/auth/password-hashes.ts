import 'server-only';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { requestCaller } from '@/lib/server/request-actor';

/** Sign-ins at a time: one address, which has ten attempts a minute, can't take all. */
const signInsMax = 11;

type Turns = {
  /** A hash takes a core and 32 MB for about 0.1 s: two at a time would leave none of two cores to those who are signed in. */
  isRunning: boolean;
  /** The hashes that wait, those of people who are signed in first. */
  readonly waiting: { readonly isSignedIn: boolean; readonly start: () => void }[];
  signIns: number;
};

/** On `globalThis`, because Next may load this module more than once in a process. */
const holder: typeof globalThis & { spillwayHashes?: Turns } = globalThis;

function hashTurns(): Turns {
  holder.spillwayHashes ??= { isRunning: false, waiting: [], signIns: 0 };
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

/**
 * Returns whether so many sign-ins are in progress that the caller must come again later. It is never so for someone who
 * is signed in, whose number of attempts is limited.
 */
export function isSignInFull(): boolean {
  return !isSignedIn() && hashTurns().signIns >= signInsMax;
}

/** Counts a sign-in for as long as it takes. */
export async function countSignIn<T>(signIn: () => Promise<T>): Promise<T> {
  const turns = hashTurns();
  turns.signIns += 1;
  try {
    return await signIn();
  } finally {
    turns.signIns -= 1;
  }
}
