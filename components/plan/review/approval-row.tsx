import { CircleCheck, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Time } from '@/components/ui/time';
import type { WithdrawApprovalAction } from '@/lib/client/actions';
import type { ApprovalView } from '@/lib/client/views';
import type { ApprovalCount } from '@/lib/policy/approval';
import { WithdrawApproval } from './withdraw-approval';

type ApprovalRowProps = {
  readonly approval: ApprovalView;
  readonly count: ApprovalCount;
  /** null = it no longer has an effect. */
  readonly withdrawApproval: WithdrawApprovalAction | null;
  readonly onWithdrawn: () => void;
};

/** Returns up to two letters for a name. */
function getInitials(name: string): string {
  const words = name.split(' ');
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}

/** One approval: actor, time and note, or that it was withdrawn. */
export function ApprovalRow({ approval, count, withdrawApproval, onWithdrawn }: ApprovalRowProps) {
  const t = useTranslations('plan.approval');
  const { name, comment, at, withdrawnAt } = approval;
  const bold = { name: () => <b className="font-semibold text-ink">{name}</b> };
  return (
    <li className="flex items-start gap-2.5 border-b border-line px-4 py-2 last:border-b-0">
      <span
        aria-hidden
        className="grid size-5 shrink-0 place-items-center rounded-full bg-accent-soft text-11 font-semibold text-accent"
      >
        {getInitials(name)}
      </span>
      <div className="min-w-0 flex-1 break-words">
        {withdrawnAt === null ? (
          t.rich('by', bold)
        ) : (
          <span className="text-ink-2">
            {t.rich('withdrawn', { ...bold, time: () => <Time at={withdrawnAt} /> })}
          </span>
        )}
        <p className="text-12 text-ink-3">
          <Time at={at} />
          {comment === '' ? null : `, “${comment}”`}
        </p>
      </div>
      {withdrawnAt !== null ? (
        <Undo2 aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
      ) : withdrawApproval === null ? (
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
      ) : (
        <>
          <WithdrawApproval
            approval={approval}
            count={count}
            withdrawApproval={withdrawApproval}
            onWithdrawn={onWithdrawn}
          />
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
        </>
      )}
    </li>
  );
}
