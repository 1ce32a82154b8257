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
  held: { tone: 'bad', icon: CirclePause },
  aborted: { tone: 'neutral', icon: Archive },
  discarded: { tone: 'neutral', icon: Archive },
  superseded: { tone: 'neutral', icon: CircleDashed },
};

/** The state of a diversion, or of one of its revisions. */
export function StateChip({ state }: { readonly state: State }) {
  const t = useTranslations('diversions.state');
  const { tone, icon: Icon } = looks[state];
  return (
    <Chip
      tone={tone}
      icon={<Icon aria-hidden className={state === 'running' ? 'animate-spin' : undefined} />}
    >
      {t(state)}
    </Chip>
  );
}
