/** Passed on when something took too long. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError';
}

/** What `promise` gives, or a TooLateError after so many ms; what it is about goes on unheard. */
export async function withinMs<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLateError(`${what} within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
