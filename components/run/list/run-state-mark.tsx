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
  ShieldAlert,
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
  diverted: { tone: 'scf', icon: CircleDot },
  rollingBack: { tone: 'cvm', icon: LoaderCircle, spins: true },
  retrying: { tone: 'warn', icon: RefreshCw },
  paused: { tone: 'warn', icon: Pause },
  stopped: { tone: 'bad', icon: CirclePause },
  done: { tone: 'ok', icon: CircleCheck },
  rolledBack: { tone: 'neutral', icon: Undo2 },
  closed: { tone: 'neutral', icon: Archive },
};

/** A run in effect, with an outage of clients that was known and acknowledged: never shown as plain success. */
const withOutage = { tone: 'warn', icon: ShieldAlert } as const;

export type RunStateMarkProps = {
  readonly state: RunState;
  /** True if its plan has an acknowledged outage. */
  readonly hasOutage: boolean;
  /** True if it ended before it began. */
  readonly isCanceled?: boolean;
};

/** The state of a run as a chip. */
export function RunStateMark({ state, hasOutage, isCanceled = false }: RunStateMarkProps) {
  const t = useTranslations('run.state');
  const isOutage = state === 'done' && hasOutage;
  const look: (typeof looks)[RunState] = isOutage ? withOutage : looks[state];
  return (
    <Chip tone={look.tone} icon={<look.icon aria-hidden className={look.spins && 'animate-spin'} />}>
      {t(isOutage ? 'doneWithOutage' : isCanceled ? 'canceled' : state)}
    </Chip>
  );
}
