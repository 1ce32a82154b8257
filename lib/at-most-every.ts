/** An act that is asked for more often than it should be done. */
export type Throttled = {
  /** Has it done: at once after a quiet time, else when the pause is over. What is asked in a pause is done once. */
  ask(): void;
  /** Nothing is done any more. */
  stop(): void;
};

/** Does `act` at most every `ms`, and never forgets the last time that it was asked for. */
export function atMostEvery(ms: number, act: () => void): Throttled {
  let pause: ReturnType<typeof setTimeout> | undefined;
  let isAsked = false;
  let isStopped = false;
  const run = () => {
    isAsked = false;
    pause = setTimeout(() => {
      pause = undefined;
      if (isAsked) run();
    }, ms);
    act();
  };
  return {
    ask() {
      if (isStopped) return;
      isAsked = true;
      if (pause === undefined) run();
    },
    stop() {
      isStopped = true;
      clearTimeout(pause);
    },
  };
}
