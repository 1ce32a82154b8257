/** An action that is requested more often than it should run. */
export type Throttled = {
  /**
   * Requests the action: it runs at once after a quiet period, else when the pause is over. All requests during one
   * pause run it once.
   */
  ask(): void;
  /** Stops everything: the action does not run again. */
  stop(): void;
};

/** Runs `act` at most every `ms`, and never drops the last request. */
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
