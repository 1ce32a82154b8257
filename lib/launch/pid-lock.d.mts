/** Says who holds the lock: a live process on this machine. */
export declare class LockHeldError extends Error {
  readonly pid: number;
}

/**
 * Takes a lock that only a live process can hold: a file with the process id and its start time. A holder that was
 * killed, also with -9, leaves a file that the next taker sees through, even when its id is in use again.
 * @param file path of the lock file; its folder must exist
 * @returns gives the lock back
 * @throws LockHeldError when a live process holds it
 */
export declare function takePidLock(file: string): () => void;
