import { useTranslations } from 'next-intl';
import { RunStateMark } from '@/components/run/list/run-state-chip';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { SwitchMoveView } from '@/lib/client/switch-views';
import { routes } from '@/lib/routes';

/** The last moves, newest first, each linked to its run. */
export function LastSwitches({ moves }: { readonly moves: readonly SwitchMoveView[] }) {
  const t = useTranslations('switch.last');
  return (
    <Panel title={t('title')} flush footer={<TextLink href={routes.runs()}>{t('all')}</TextLink>}>
      {moves.length === 0 ? (
        <p className="px-4 py-3 text-12 text-ink-2">{t('none')}</p>
      ) : (
        <ol className="grid gap-2.5 px-4 py-2.5 text-12">
          {moves.map((move) => (
            <Move key={move.runId} move={move} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Move({ move }: { readonly move: SwitchMoveView }) {
  const t = useTranslations('switch');
  const { runId, at, by, actor, state, domain, toward, percent } = move;
  return (
    <li className="grid gap-0.5">
      <div className="flex flex-wrap items-center gap-x-2">
        <span className="text-ink-3 tabular-nums">
          <Time at={at} />
        </span>
        {by === 'failover' ? (
          <b className="font-semibold text-bad-ink">{t('last.failover')}</b>
        ) : (
          <span className="text-ink-2">{by === 'clock' ? t('last.clock', { actor }) : actor}</span>
        )}
        <span className="ml-auto">
          <RunStateMark state={state} />
        </span>
      </div>
      <TextLink href={routes.run(runId)} className="min-w-0">
        <span className="min-w-0 break-words">
          {t('last.move', { domain, side: t(`side.${toward}`), percent })}
        </span>
      </TextLink>
    </li>
  );
}
