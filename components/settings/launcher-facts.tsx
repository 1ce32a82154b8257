import { useFormatter, useTranslations } from 'next-intl';
import { Status, type StatusTone } from '@/components/ui/chip';
import { FactRow, Facts } from '@/components/ui/facts';
import { Time } from '@/components/ui/time';
import type { HealthView } from '@/lib/contract/health';
import { useAnyKey } from '@/lib/messages/use-any-key';

type Launched = Pick<HealthView, 'parts' | 'disks' | 'logLinesLost'>;

/** Returns whether the launcher reports no problem: all processes run, disks have room, and the log is complete. */
export function isLauncherWell({ parts, disks, logLinesLost }: Launched): boolean {
  const runs = parts.every(({ state }) => state === 'up' || state === 'starting');
  return runs && disks.every(({ state }) => state === 'ok') && logLinesLost === 0;
}

const partTones: Readonly<Record<HealthView['parts'][number]['state'], StatusTone>> = {
  up: 'ok',
  starting: 'info',
  failing: 'bad',
  stopped: 'off',
};

/** Shows the processes of this machine with their states, and the reason of a failure. */
export function PartsFacts({ parts }: Pick<Launched, 'parts'>) {
  const t = useAnyKey('settings.health');
  if (parts.length === 0) return null;
  return (
    <section aria-label={t('parts')} className="grid gap-1">
      <h3 className="text-12 font-medium">{t('parts')}</h3>
      <Facts>
        {parts.map(({ name, state, since, reason }) => (
          <FactRow key={name} name={t.has(`part.${name}`) ? t(`part.${name}`) : name}>
            <Status tone={partTones[state]}>{t(`state.${state}`)}</Status>
            <p className="text-ink-2">{t.rich('since', { time: () => <Time at={since} /> })}</p>
            {reason === null ? null : <p className="text-bad-ink">{reason}</p>}
          </FactRow>
        ))}
      </Facts>
    </section>
  );
}

const diskTones: Readonly<Record<HealthView['disks'][number]['state'], StatusTone>> = {
  ok: 'ok',
  low: 'warn',
  full: 'bad',
};

/** Shows the free space of each disk, what to do if it is low, and lines lost from the log file. */
export function DiskFacts({ disks, logLinesLost }: Pick<Launched, 'disks' | 'logLinesLost'>) {
  const t = useTranslations('settings.health');
  const size = useSize();
  if (disks.length === 0 && logLinesLost === 0) return null;
  return (
    <section aria-label={t('disks')} className="grid gap-1">
      <h3 className="text-12 font-medium">{t('disks')}</h3>
      <Facts>
        {disks.map(({ folder, freeBytes, sizeBytes, state }) => (
          <div key={folder} className="grid gap-0.5 py-1">
            <dt className="break-all text-ink-2">{folder}</dt>
            <dd>
              <Status tone={diskTones[state]}>
                {t('free', { free: size(freeBytes), size: size(sizeBytes) })}
              </Status>
              {state === 'ok' ? null : <p>{t(`disk.${state}`)}</p>}
            </dd>
          </div>
        ))}
        {logLinesLost === 0 ? null : (
          <div className="grid gap-0.5 py-1">
            <dt className="text-ink-2">{t('log')}</dt>
            <dd>
              <Status tone="warn">{t('logLinesLost', { count: logLinesLost })}</Status>
              <p>{t('logNote')}</p>
            </dd>
          </div>
        )}
      </Facts>
    </section>
  );
}

const GB = 1024 ** 3;
const MB = 1024 ** 2;

/** Formats a number of bytes as `12.4 GB`, `310 MB`. */
function useSize(): (bytes: number) => string {
  const format = useFormatter();
  return (bytes) =>
    bytes >= GB
      ? `${format.number(bytes / GB, { maximumFractionDigits: bytes < 100 * GB ? 1 : 0 })} GB`
      : `${format.number(Math.floor(bytes / MB))} MB`;
}
