import { useTranslations } from 'next-intl';
import { ApprovalChip } from '@/components/plan/review/approval-chip';
import { RunStateMark } from '@/components/run/list/run-state-mark';
import { useCheckName } from '@/components/steps/use-check-name';
import { Person } from '@/components/ui/base/person';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import type { ScheduledCutover } from '@/lib/contract/schedule';
import { routes } from '@/lib/routes';
import type { RunState } from '@/lib/run/model/model';

const shownMax = 6;
/** States in which approvals still have an effect. */
const waitsForT0: readonly RunState[] = ['queued', 'scheduled', 'ready', 'paused', 'stopped'];

type ComingUpProps = { readonly cutovers: readonly ScheduledCutover[]; readonly zone: string };

/** The next cutovers by T0, those in progress first. */
export function ComingUp({ cutovers, zone }: ComingUpProps) {
  const t = useTranslations('schedule.up');
  return (
    <Panel
      title={t('title')}
      aside={<span className="text-12 text-ink-3">{t('count', { count: cutovers.length })}</span>}
      flush
    >
      {cutovers.length === 0 ? (
        <p className="px-4 py-3 text-12 text-ink-2">{t('none')}</p>
      ) : (
        <ol>
          {cutovers.slice(0, shownMax).map((cutover) => (
            <Entry key={cutover.runId} cutover={cutover} zone={zone} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Entry({ cutover, zone }: { readonly cutover: ScheduledCutover; readonly zone: string }) {
  const t = useTranslations('schedule.up');
  const message = useMessage('run.problem');
  const nameCheck = useCheckName();
  const { t0, t1 } = cutover.cutover;
  const words = cutover.problems.map(({ kind, values }) => message(kind, nameCheck(values)));
  return (
    <li className="grid gap-0.5 border-t border-line px-4 py-2 first:border-t-0">
      <div className="flex items-start gap-2">
        <TextLink href={routes.run(cutover.runId)} className="min-w-0 flex-1">
          {cutover.name}
        </TextLink>
        {waitsForT0.includes(cutover.state) ? <ApprovalChip short count={cutover.approvals} /> : null}
        <RunStateMark state={cutover.state} hasOutage={cutover.hasOutage} />
      </div>
      <p className="text-12 text-ink-2">
        {t.rich('startsAt', { time: () => <Time at={t0} pageZone={zone} /> })},{' '}
        {t1 === null ? t('stays') : t.rich('back', { time: () => <Time at={t1} pageZone={zone} /> })}
      </p>
      <p className="text-12 text-ink-3">
        {t.rich('steps', { count: cutover.writes, actor: () => <Person address={cutover.actor} /> })}
      </p>
      {words.length === 0 ? null : (
        <p className="text-12 text-warn-ink">{t('problem', { problems: words.join(' ') })}</p>
      )}
    </li>
  );
}
