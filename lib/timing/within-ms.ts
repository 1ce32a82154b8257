/** Thrown on a timeout. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError';
}

/**
 * Returns the result of `promise`, or throws a TooLateError after so many ms. The operation itself continues, and its
 * result is ignored.
 */
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
