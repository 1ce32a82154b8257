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
  const t = useTranslations('plan.approvals');
  const { given, needed, breakGlass } = count;
  if (needed === 0) return null;
  // It has a mark of its own.
  if (breakGlass !== undefined && !breakGlass.isVoid && given < needed) return null;
  return isUnapproved(count) ? (
    <Chip tone="warn" icon={<UserCheck aria-hidden />}>
      {t(short ? 'count' : 'waiting', { given, needed })}
    </Chip>
  ) : (
    <Chip tone="ok" icon={<BadgeCheck aria-hidden />}>
      {t(short ? 'enough' : 'approved', { given, needed })}
    </Chip>
  );
}
