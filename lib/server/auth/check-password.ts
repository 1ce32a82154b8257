import 'server-only';
import { Worker } from 'node:worker_threads';

/**
 * Guesses that a password must withstand, as a power of ten. Sign-in permits far fewer, and whoever gets a copy of the
 * hashes needs one scrypt computation for each.
 */
const GUESSES_LOG10 = 8;
/** The characters that are estimated at a time: the work grows with the square of their number. Of 128 it took up to 3 s. */
const ESTIMATED_MAX = 24;
/** Shorter words, such as initials, are part of too many others. */
const WORD_MIN = 3;

/** The thread that estimates, from its first use on. */
let thread: Worker | null = null;
/** Those who wait for an estimate. The thread answers in their order. */
const waiting: { resolve(guessesLog10: number): void; reject(reason: unknown): void }[] = [];

function startThread(): Worker {
  const started = new Worker(new URL('./estimate-thread.mjs', import.meta.url));
  started.unref();
  started.on('message', (guessesLog10) => waiting.shift()?.resolve(guessesLog10));
  started.on('error', (error) => {
    thread = null;
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  return started;
}

/** Estimates the guesses that a password withstands, as a power of ten, while the event loop goes on. */
function estimate(password: string, words: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    thread ??= startThread();
    thread.postMessage({ password, words });
  });
}

/** Lists the words that someone who attacks this account tries first (ASVS 5.0, 6.2.11), the longest first. */
function listContextWords({ email, name }: { readonly email: string; readonly name: string }) {
  const words = [email, ...email.split(/[^\p{L}\p{N}]+/u), ...name.split(/[^\p{L}\p{N}]+/u), 'spillway'];
  return [...new Set(words.map((word) => word.toLowerCase()))]
    .filter((word) => word.length >= WORD_MIN)
    .sort((a, b) => b.length - a.length);
}

/**
 * Returns why a new password is too easy to guess; null if it is not. The rest of the password, without the words of its
 * account, must withstand the guesses alone. There are no rules of composition (ASVS 5.0, 6.2.5). The estimate knows
 * 49,000 common passwords and the ways in which people vary them, so it covers more than a list of exact passwords
 * (ASVS 5.0, 6.2.4): of those, only 308 have 12 characters. Of a long password, its beginning or its end must withstand them.
 * @param person whose password it becomes
 */
export async function checkPassword(
  password: string,
  person: { readonly email: string; readonly name: string },
): Promise<'password.context' | 'password.guessable' | null> {
  const words = listContextWords(person);
  let rest = password.toLowerCase();
  for (const word of words) rest = rest.replaceAll(word, '');
  const hasWord = rest.length < password.length;
  // The estimate ignores the case of letters except for a small bonus.
  const estimated = hasWord ? rest : password;
  for (const part of new Set([estimated.slice(0, ESTIMATED_MAX), estimated.slice(-ESTIMATED_MAX)]))
    if ((await estimate(part, words)) >= GUESSES_LOG10) return null;
  return hasWord ? 'password.context' : 'password.guessable';
}
