import { type RunCommand, type RunState, type RunView, runCan } from '@/lib/run/model';
import { runEffects } from './run-effects';

/** The commands that keep their place on the page in every state. Close is offered to a held run only. */
type StandingCommand = Exclude<RunCommand, 'close'>;

/** A command as the page offers it: possible, or off with the reason as a message key below `run.off`. */
export type CommandOffer =
  | { readonly command: RunCommand; readonly can: true }
  | {
      readonly command: StandingCommand;
      readonly can: false;
      readonly why: `${StandingCommand}.${RunState}`;
    };

/** The commands of a run; what the state forbids stays visible with its reason. */
export function commandOffers(run: RunView): readonly CommandOffer[] {
  const can = (command: RunCommand) => runCan[command].includes(run.state);
  const standing = (command: StandingCommand): CommandOffer =>
    can(command) ? { command, can: true } : { command, can: false, why: `${command}.${run.state}` };
  const close: readonly CommandOffer[] = can('close') ? [{ command: 'close', can: true }] : [];
  return [standing('hold'), ...close, standing('retry'), standing('revert')];
}

/** What a revert would undo, newest first: writes in effect and those whose effect is not known. */
export function undoList(run: RunView) {
  const { applied, unsure } = runEffects(run);
  return [...applied, ...unsure].reverse();
}
