import { BadgeCheck, UserCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Chip } from '@/components/ui/chip';
import { type ApprovalCount, isUnapproved } from '@/lib/policy/approval';

type ApprovalChipProps = {
  readonly count: ApprovalCount;
  /** For narrow places: only the counts, or one word. */
  readonly short?: boolean;
};

/** The approval count of a plan; renders nothing if none is needed. */
export function ApprovalChip({ count, short = false }: ApprovalChipProps) {
  const t = useTranslations('plan.approval');
  if (count.needed === 0) return null;
  return isUnapproved(count) ? (
    <Chip tone="warn" icon={<UserCheck aria-hidden />}>
      {t(short ? 'count' : 'waiting', count)}
    </Chip>
  ) : (
    <Chip tone="ok" icon={<BadgeCheck aria-hidden />}>
      {t(short ? 'enough' : 'approved', count)}
    </Chip>
  );
}
