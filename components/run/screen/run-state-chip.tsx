import { useTranslations } from 'next-intl';
import { RunStateMark, type RunStateMarkProps } from '@/components/run/list/run-state-mark';

type RunStateChipProps = Required<RunStateMarkProps> & {
  /** True if the rollback could not remove weights, because the cloud keeps them. */
  readonly leavesWeights: boolean;
  /** True if a rollback that the cloud refuses is tried again. */
  readonly isBlocked: boolean;
};

/** The state on the run's own page: announced to screen readers when it changes, and at no other time. */
export function RunStateChip({ state, hasOutage, isCanceled, leavesWeights, isBlocked }: RunStateChipProps) {
  const t = useTranslations('run.stateNote');
  const note = () => {
    if (isCanceled) return 'canceled';
    if (isBlocked) return 'blocked';
    if (state === 'done' && hasOutage) return 'doneWithOutage';
    return state === 'rolledBack' && leavesWeights ? 'rolledBackByShare' : state;
  };
  return (
    <span role="status" className="inline-flex flex-wrap items-center gap-2">
      <RunStateMark state={state} hasOutage={hasOutage} isCanceled={isCanceled} />
      {t(note())}
    </span>
  );
}
