import {
  Archive,
  CalendarClock,
  CircleCheck,
  CircleDot,
  CirclePause,
  Clock,
  Hourglass,
  LoaderCircle,
  Pause,
  RefreshCw,
  TriangleAlert,
  Undo2,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Chip, type ChipTone } from '@/components/ui/chip';
import type { RunState } from '@/lib/run/model/model';

const looks: Readonly<Record<RunState, { tone: ChipTone; icon: typeof CircleDot; spins?: true }>> = {
  queued: { tone: 'plan', icon: Clock },
  scheduled: { tone: 'plan', icon: CalendarClock },
  ready: { tone: 'plan', icon: Hourglass },
  missed: { tone: 'warn', icon: TriangleAlert },
  applying: { tone: 'scf', icon: LoaderCircle, spins: true },
  baking: { tone: 'scf', icon: Hourglass },
  holding: { tone: 'scf', icon: CircleDot },
  reverting: { tone: 'cvm', icon: LoaderCircle, spins: true },
  retrying: { tone: 'warn', icon: RefreshCw },
  paused: { tone: 'warn', icon: Pause },
  held: { tone: 'bad', icon: CirclePause },
  done: { tone: 'ok', icon: CircleCheck },
  reverted: { tone: 'neutral', icon: Undo2 },
  closed: { tone: 'neutral', icon: Archive },
};

/** The state of a run as a chip. */
export function RunStateMark({ state }: { readonly state: RunState }) {
  const t = useTranslations('run.state');
  const look = looks[state];
  return (
    <Chip tone={look.tone} icon={<look.icon aria-hidden className={look.spins && 'animate-spin'} />}>
      {t(state)}
    </Chip>
  );
}

type RunStateChipProps = {
  readonly state: RunState;
  /** True if the rollback had to leave weights that the cloud keeps. */
  readonly leavesWeights: boolean;
};

/** The state on the run's own page: announced to screen readers when it changes, and at no other time. */
export function RunStateChip({ state, leavesWeights }: RunStateChipProps) {
  const t = useTranslations('run.stateNote');
  return (
    <span role="status" className="inline-flex flex-wrap items-center gap-2">
      <RunStateMark state={state} />
      {t(state === 'reverted' && leavesWeights ? 'revertedByShare' : state)}
    </span>
  );
}
