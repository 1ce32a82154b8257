import type { RehearsalView, StartRehearsalAction } from '@/lib/contract/rehearsal';
import type { RehearsalFaultKind } from '@/lib/rehearsal/input';
import { type CommandDraft, toCommandDrafts, toCommands } from './command-draft';

/** The fields of a rehearsal while they are being edited: texts that may not be valid yet. '' = as planned. */
export type RehearsalDraft = {
  readonly peak: string;
  readonly call: string;
  readonly server: string;
  readonly seed: string;
  readonly events: string;
  readonly lost: string;
  readonly wait: string;
  readonly faults: string;
  readonly kinds: readonly RehearsalFaultKind[];
  readonly commands: readonly CommandDraft[];
};

/** An earlier rehearsal of the plan whose event is rehearsed again, with one of its seeds. */
export type RepeatedRehearsal = Pick<RehearsalView, 'id' | 'settings' | 'cutover'> & {
  readonly seed: number;
};

const seedMax = 0xffff;

const toText = (value: number | null) => (value === null ? '' : String(Number(value.toPrecision(6))));

/** Returns the fields of a new rehearsal, or of one with the settings of another. */
export function newRehearsalDraft(repeated?: RepeatedRehearsal): RehearsalDraft {
  const asPlanned = {
    peak: '',
    call: '',
    server: '',
    events: '1',
  } as const;
  if (repeated === undefined)
    return {
      ...asPlanned,
      seed: String(Math.floor(Math.random() * seedMax) + 1),
      lost: '0.1',
      wait: '500',
      faults: '3',
      kinds: [],
      commands: [],
    };
  const { goals, faults, commands } = repeated.settings;
  return {
    ...asPlanned,
    seed: String(repeated.seed),
    lost: toText(goals.lostShare === null ? null : goals.lostShare * 100),
    wait: toText(goals.waitP95Ms),
    faults: String(faults.count),
    kinds: faults.kinds,
    commands: toCommandDrafts(commands),
  };
}

const number = (text: string) => (text.trim() === '' ? null : Number(text));

type StartInput = Omit<Parameters<StartRehearsalAction>[0], 'planId' | 'hash'>;

/** Converts the fields for the server, which refuses what is not a number. */
export function toRehearsalInput(draft: RehearsalDraft, repeated?: RepeatedRehearsal): StartInput {
  const { peak, call, server, seed, events, lost, wait, faults, kinds, commands } = draft;
  const percent = number(lost);
  const load = { peakRps: number(peak), callMs: number(call), serverRps: number(server) };
  const own = {
    seed: Number(seed),
    events: Number(events),
    faults: { kinds, count: kinds.length === 0 ? 0 : Number(faults) },
    commands: toCommands(commands),
    goals: { lostShare: percent === null ? null : percent / 100, waitP95Ms: number(wait) },
  };
  if (repeated === undefined) return { load, settings: own };
  const { scenario, ...settings } = repeated.settings;
  const isSameLoad = Object.values(load).every((value) => value === null);
  return {
    load,
    ...(isSameLoad ? { scenario } : {}),
    cutover: repeated.cutover,
    settings: {
      ...settings,
      ...own,
      faults: { ...settings.faults, ...own.faults },
      goals: { ...settings.goals, ...own.goals },
    },
  };
}
