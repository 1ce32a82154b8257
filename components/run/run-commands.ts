import { type RunCommand, type RunState, type RunView, runCan } from '@/lib/run/model';
import { runEffects } from './run-effects';

/** A command as the page offers it: possible, or off with the reason as a message key below `run.off`. */
export type CommandOffer =
  | { readonly command: RunCommand; readonly can: true }
  | { readonly command: RunCommand; readonly can: false; readonly why: `${RunCommand}.${RunState}` };

/** The commands of a run; what the state forbids stays visible with its reason. */
export function commandOffers(run: RunView): readonly CommandOffer[] {
  return (['hold', 'retry', 'revert'] as const).map((command) =>
    runCan[command].includes(run.state)
      ? { command, can: true }
      : { command, can: false, why: `${command}.${run.state}` },
  );
}

/** What a revert would undo, newest first: writes in effect and those whose effect is not known. */
export function undoList(run: RunView) {
  const { applied, unsure } = runEffects(run);
  return [...applied, ...unsure].reverse();
}
