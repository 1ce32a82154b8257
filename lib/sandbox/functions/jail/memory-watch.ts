import { measureMemory } from './memory-usage';

/** A process of a function, with all that it starts. */
export type WatchedProcess = {
  readonly pids: () => readonly number[];
  /** Returns true while a call is running. */
  readonly isBusy: () => boolean;
  /** Their combined limit, in KB. */
  readonly limitKb: number;
  /** Called once, with their combined memory, in KB. */
  readonly onExcess: (kb: number) => void;
};

/** The check interval. A function can exceed its memory by as much as it can write in this time. */
const EVERY_MS = 100;
/**
 * Between calls, only every tenth check runs. In the cloud, code gets no time between calls; here it could continue.
 */
const IDLE_EVERY = 10;

const watched = new Set<WatchedProcess>();
let timer: NodeJS.Timeout | null = null;
let looks = 0;

/**
 * Checks the combined memory of processes, every 100 ms during calls and every second between them: the kernel's own
 * limits apply to each process separately.
 * @returns a function that ends the watch
 */
export function watchMemory(each: WatchedProcess): () => void {
  watched.add(each);
  timer ??= setInterval(look, EVERY_MS).unref();
  return () => {
    watched.delete(each);
    if (watched.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

function look(): void {
  looks += 1;
  for (const each of [...watched]) {
    if (!each.isBusy() && looks % IDLE_EVERY !== 0) continue;
    const kb = measureMemory(each.pids(), each.limitKb);
    if (kb <= each.limitKb) continue;
    watched.delete(each);
    each.onExcess(kb);
  }
}
