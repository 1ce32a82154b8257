import type { RehearsalCommand, RehearsalCommandKind } from '@/lib/rehearsal/input';

/** A command while it is being edited: its time is a text that may not be valid yet. */
export type CommandDraft = {
  /** Distinguishes commands of the same kind. */
  readonly key: number;
  readonly kind: RehearsalCommandKind;
  /** Minutes after T0. */
  readonly minutes: string;
};

/** Converts the commands for the server, which refuses what is not a number. */
export function toCommands(drafts: readonly CommandDraft[]): readonly RehearsalCommand[] {
  return drafts.map(({ kind, minutes }) => ({
    kind,
    atS: minutes.trim() === '' ? Number.NaN : Number(minutes) * 60,
  }));
}

/** Returns the fields of commands that an earlier rehearsal had. */
export function toCommandDrafts(commands: readonly RehearsalCommand[]): readonly CommandDraft[] {
  return commands.map(({ kind, atS }, index) => ({ key: index + 1, kind, minutes: String(atS / 60) }));
}
