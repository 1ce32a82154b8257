import { useTranslations } from 'next-intl';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import type { RunView } from '@/lib/run/model/model';

/** Commands that arrived when the run could no longer follow them; renders nothing if there are none. */
export function RefusedPanel({ run }: { readonly run: RunView }) {
  const t = useTranslations('run');
  if (run.refused.length === 0) return null;
  return (
    <Panel title={t('refused.title')}>
      <ul className="grid gap-1 text-12 text-ink-2">
        {run.refused.map(({ at, command, actor, state }) => (
          <li key={`${at} ${command}`}>
            {t.rich('refused.line', {
              command: t(`command.${command}`),
              actor,
              state: t(`state.${state}`),
              time: () => <Time at={at} />,
            })}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
