import { KeyAdvice } from '@/components/cloud-error/key-advice';
import { Status } from '@/components/ui/chip';
import { FactRow, Facts } from '@/components/ui/facts';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import type { HealthView } from '@/lib/contract/health';
import { useAnyKey } from '@/lib/messages/use-any-key';
import { DiskFacts, isLauncherWell, PartsFacts } from './launcher-facts';

/** Shows which parts work, and which objects the workers can't process in the background. */
export function HealthPanel({ health }: { readonly health: HealthView }) {
  const t = useAnyKey('settings.health');
  const { checks, problems } = health;
  const isWell = checks.every(({ ok }) => ok) && problems.length === 0 && isLauncherWell(health);
  return (
    <Panel
      title={t('title')}
      aside={<Status tone={isWell ? 'ok' : 'warn'}>{t(isWell ? 'ok' : 'attention')}</Status>}
    >
      <div className="grid gap-3">
        <p className="text-12 text-ink-2">{t('about')}</p>
        <Facts>
          {checks.map(({ name, ok, reason }) => (
            <FactRow key={name} name={t.has(`check.${name}`) ? t(`check.${name}`) : name}>
              <Status tone={ok ? 'ok' : 'bad'}>{t(ok ? 'ok' : 'bad')}</Status>
              {reason === undefined ? null : <p className="text-12 text-bad-ink">{reason}</p>}
            </FactRow>
          ))}
        </Facts>
        <PartsFacts parts={health.parts} />
        <DiskFacts disks={health.disks} logLinesLost={health.logLinesLost} />
        {problems.length === 0 ? null : (
          <section aria-label={t('problems')} className="grid gap-2">
            <h3 className="text-12 font-medium">{t('problems')}</h3>
            <ul className="grid gap-3 text-12">
              {problems.map(({ worker, loop, object, message, code, failures, since, retryAt }) => (
                <li key={`${worker} ${loop} ${object}`} className="grid gap-0.5">
                  <Status tone="bad">
                    <span className="min-w-0 break-all whitespace-normal">
                      {t(`loop.${loop}`, { object })}
                    </span>
                  </Status>
                  <p className="break-words">{message}</p>
                  {code === undefined ? null : (
                    <p className="empty:hidden">
                      <KeyAdvice code={code} />
                    </p>
                  )}
                  <p className="text-ink-2">
                    {t.rich('when', {
                      worker,
                      failures,
                      since: () => <Time at={since} />,
                      retry: () => <Time at={retryAt} />,
                    })}
                  </p>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Panel>
  );
}
