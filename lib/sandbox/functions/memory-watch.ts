import { memoryOf } from './memory-usage';

/** A process of a function, with all that it starts. */
export type Watched = {
  readonly pids: () => readonly number[];
  /** Whether a call is under way. */
  readonly isBusy: () => boolean;
  /** What they may have together, in KB. */
  readonly limitKb: number;
  /** Called once, with what they have, in KB. */
  readonly onExcess: (kb: number) => void;
};

/** How far a function can go beyond its memory is how much it can write to meanwhile. */
const EVERY_MS = 100;
/** Between calls code has no time of its own in the cloud; here it could go on. */
const IDLE_EVERY = 10;

const watched = new Set<Watched>();
let timer: NodeJS.Timeout | null = null;
let looks = 0;

/**
 * Looks at what processes have in memory together, every 100 ms during calls and every second between them: the kernel's
 * own limits are each process's for itself.
 * @returns ends the watch
 */
export function watchMemory(each: Watched): () => void {
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
    const kb = memoryOf(each.pids(), each.limitKb);
    if (kb <= each.limitKb) continue;
    watched.delete(each);
    each.onExcess(kb);
  }
}
