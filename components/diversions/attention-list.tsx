import { useTranslations } from 'next-intl';
import { Status } from '@/components/ui/chip';
import type { DiversionFacts } from '@/lib/contract/diversion';
import type { Attention } from '@/lib/run/model/diversion-state';

const tones: Readonly<Record<Attention, 'bad' | 'warn' | 'info'>> = {
  stopped: 'bad',
  missedT0: 'bad',
  revalidation: 'bad',
  unscheduled: 'bad',
  unapproved: 'warn',
  blocked: 'warn',
  newerRevision: 'info',
};

type AttentionListProps = Pick<DiversionFacts, 'attention' | 'newest'>;

/** The open tasks, the most urgent first; renders nothing if there are none. */
export function AttentionList({ attention, newest }: AttentionListProps) {
  const t = useTranslations('diversions.attention');
  if (attention.length === 0) return null;
  // Without a plan there is nothing to count.
  const values = {
    number: newest?.number ?? 0,
    count: newest?.blocks ?? 0,
    given: newest?.approvals.given ?? 0,
    needed: newest?.approvals.needed ?? 0,
  };
  return (
    <ul className="grid gap-0.5 text-12">
      {attention.map((each) => (
        <li key={each}>
          <Status tone={tones[each]}>{t(each, values)}</Status>
        </li>
      ))}
    </ul>
  );
}
