import type { Fact } from './invariants/witness';

type Line = { readonly atMs: number; readonly what: string; readonly text: () => string };

/** A record of what happened, in order, and how often, by kind. Texts are created only when they are read. */
export class SimulationTrace {
  readonly counts = new Map<string, number>();
  readonly #lines: Line[] = [];

  /** @param nowMs the elapsed time, in ms */
  constructor(private readonly nowMs: () => number) {}

  /** @param kind the kind under which it is counted */
  add(what: string, kind: string, text: () => string = () => kind): void {
    const name = `${what} ${kind}`.trim();
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    this.#lines.push({ atMs: this.nowMs(), what, text });
  }

  fact(fact: Fact): void {
    switch (fact.kind) {
      case 'event': {
        const { event } = fact;
        const why =
          event.type === 'stopped' ? event.reason.kind : event.type === 'stepDone' ? event.outcome : '';
        this.add(event.type, why, () => JSON.stringify(event));
        return;
      }
      case 'sent':
        this.add(
          'sent',
          fact.sent.call.action,
          () => `${fact.sent.step?.id} ${JSON.stringify(fact.sent.call.params)}`,
        );
        return;
      case 'effect':
        this.add('effect', fact.effect.sent.call.action, () => JSON.stringify(fact.effect.after));
        return;
      case 'changed':
      case 'ended':
        return;
    }
  }

  /** Returns one line for each entry, with the elapsed seconds. */
  lines(): readonly string[] {
    return this.#lines.map(
      ({ atMs, what, text }) => `${(atMs / 1000).toFixed(3).padStart(10)} s  ${what} ${text()}`,
    );
  }
}
