import { useTranslations } from 'next-intl';
import { RunStateMark } from '@/components/run/list/run-state-chip';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { SwitchView } from '@/lib/client/switch-views';
import { routes } from '@/lib/routes';

/** The time, actor and run of the last move. */
export function MovedText({ view }: { readonly view: SwitchView }) {
  const t = useTranslations('switch');
  const { movedAt, lastRun } = view;
  return (
    <span className="flex flex-wrap items-center gap-2 text-11 text-ink-3 md:ml-auto">
      {movedAt === null ? (
        t('never')
      ) : (
        <span>
          {lastRun === null
            ? t.rich('moved', { time: () => <Time at={movedAt} /> })
            : t.rich('movedBy', { actor: lastRun.actor, time: () => <Time at={movedAt} /> })}
        </span>
      )}
      {lastRun === null ? null : (
        <>
          <TextLink href={routes.run(lastRun.id)}>{t('run', { run: lastRun.id })}</TextLink>
          <RunStateMark state={lastRun.state} />
        </>
      )}
    </span>
  );
}
