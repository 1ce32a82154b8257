import {
  Archive,
  CalendarClock,
  CircleCheck,
  CircleDashed,
  type CircleDot,
  CirclePause,
  ListChecks,
  LoaderCircle,
  PencilLine,
  ShieldAlert,
  ShieldCheck,
  Undo2,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Chip, type ChipTone } from '@/components/ui/chip';
import type { DiversionState, RevisionState } from '@/lib/run/model/diversion-state';

type State = DiversionState | RevisionState;

const looks: Readonly<Record<State, { readonly tone: ChipTone; readonly icon: typeof CircleDot }>> = {
  draft: { tone: 'plan', icon: PencilLine },
  planned: { tone: 'plan', icon: ListChecks },
  approved: { tone: 'ok', icon: ShieldCheck },
  scheduled: { tone: 'plan', icon: CalendarClock },
  running: { tone: 'scf', icon: LoaderCircle },
  inEffect: { tone: 'ok', icon: CircleCheck },
  rolledBack: { tone: 'neutral', icon: Undo2 },
  stopped: { tone: 'bad', icon: CirclePause },
  leftAsIs: { tone: 'neutral', icon: Archive },
  discarded: { tone: 'neutral', icon: Archive },
  superseded: { tone: 'neutral', icon: CircleDashed },
};

/** In effect with an acknowledged client outage: never shown as plain success. */
const withOutage = { tone: 'warn', icon: ShieldAlert } as const;

type StateChipProps = {
  readonly state: State;
  /** True if the plan behind the state has an acknowledged outage. */
  readonly hasOutage: boolean;
};

/** The state of a diversion, or of one of its revisions. */
export function StateChip({ state, hasOutage }: StateChipProps) {
  const t = useTranslations('diversions.state');
  const isOutage = state === 'inEffect' && hasOutage;
  const { tone, icon: Icon } = isOutage ? withOutage : looks[state];
  return (
    <Chip
      tone={tone}
      icon={<Icon aria-hidden className={state === 'running' ? 'animate-spin' : undefined} />}
    >
      {t(isOutage ? 'inEffectWithOutage' : state)}
    </Chip>
  );
}
