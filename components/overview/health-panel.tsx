'use client';

import { useTranslations } from 'next-intl';
import { Status } from '@/components/ui/chip';
import { classes } from '@/components/ui/classes';
import { TextLink } from '@/components/ui/text-link';
import { AsOf } from '@/components/ui/time';
import type {
  ConnectionHealthView,
  OverviewView,
  SwitchProbesView,
  TargetCounts,
} from '@/lib/client/overview-views';
import { routes } from '@/lib/routes';
import { Part } from './part';

/** The health of bindings by account, and the probe results of Switches. */
export function HealthPanel({ health }: Pick<OverviewView, 'health'>) {
  const t = useTranslations('overview.health');
  return (
    <Part title={t('title')} part={health}>
      {(value) =>
        value.connections.length === 0 ? (
          <p className="px-4 py-3 text-ink-2">{t('none')}</p>
        ) : (
          <HealthRows {...value} />
        )
      }
    </Part>
  );
}

type HealthRowsProps = {
  readonly connections: readonly ConnectionHealthView[];
  readonly switches: readonly SwitchProbesView[];
};

/** The health of each account, and the last probes of each Switch. */
function HealthRows({ connections, switches }: HealthRowsProps) {
  return (
    <>
      <ul className="divide-y divide-line">
        {connections.map((each) => (
          <ConnectionHealth key={each.connection.id} health={each} />
        ))}
      </ul>
      {switches.length === 0 ? null : <Probes switches={switches} />}
    </>
  );
}

function ConnectionHealth({ health }: { readonly health: ConnectionHealthView }) {
  const t = useTranslations('overview.health');
  const { connection, readAt, targets, failing, failingTotal, functions, balancersDown } = health;
  return (
    <li className="grid gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-2">
        <TextLink href={routes.estate(connection.id)} className="text-14">
          {connection.name}
        </TextLink>
        <span className="ml-auto">{readAt === null ? null : <AsOf at={readAt} />}</span>
      </div>
      {readAt === null ? (
        <p className="text-12 text-ink-2">{t('never')}</p>
      ) : (
        <>
          <TargetBar targets={targets} />
          {failing.length === 0 ? null : (
            <ul className="grid gap-0.5 text-12">
              {failing.map(({ node, name, dead, all }) => (
                <li key={node} className="flex min-h-6 flex-wrap items-center gap-x-2">
                  <TextLink href={routes.estateNode(connection.id, node)}>{name}</TextLink>
                  <Status tone="bad">{t('failing', { dead, all })}</Status>
                </li>
              ))}
            </ul>
          )}
          {failingTotal > failing.length ? (
            <p className="text-12 text-ink-2">{t('moreFailing', { count: failingTotal - failing.length })}</p>
          ) : null}
          <p className="flex flex-wrap gap-x-3 gap-y-0.5 text-12">
            {functions.notReady.length === 0 ? (
              <Status tone="ok">{t('functions', { count: functions.ready })}</Status>
            ) : (
              <Status tone="warn">
                {t('notReady', { names: functions.notReady.slice(0, 5).join(', ') })}
              </Status>
            )}
            {balancersDown.length === 0 ? null : (
              <Status tone="bad">
                {t('balancersDown', { names: balancersDown.slice(0, 5).join(', ') })}
              </Status>
            )}
          </p>
        </>
      )}
    </li>
  );
}

const states = [
  'alive',
  'dead',
  'unknown',
  'unchecked',
  'unread',
] as const satisfies readonly (keyof TargetCounts)[];
const fills: Readonly<Record<keyof TargetCounts, string>> = {
  alive: 'bg-ok',
  dead: 'bg-bad',
  unknown: 'bg-warn',
  unchecked: 'bg-control',
  unread: 'bg-hatch-plan',
};

/** Targets by the result of their health check: a bar, and the counts that are not zero. */
function TargetBar({ targets }: { readonly targets: TargetCounts }) {
  const t = useTranslations('overview.health');
  const all = states.reduce((sum, state) => sum + targets[state], 0);
  const present = states.filter((state) => targets[state] > 0);
  if (all === 0) return null;
  return (
    <div className="grid gap-1">
      <div
        role="img"
        aria-label={t('counts', targets)}
        className="flex h-3 gap-px overflow-hidden rounded-sm bg-sunken"
      >
        {present.map((state) => (
          <i
            key={state}
            className={classes('min-w-1', fills[state])}
            style={{ width: `${(targets[state] / all) * 100}%` }}
          />
        ))}
      </div>
      <p aria-hidden className="flex flex-wrap gap-x-3 text-12 text-ink-2 tabular-nums">
        {present.map((state) => (
          <span
            key={state}
            className={classes(
              'inline-flex items-center gap-1',
              state === 'dead' && 'font-semibold text-bad-ink',
            )}
          >
            <i className={classes('size-2 rounded-[1px]', fills[state])} />
            {t(`state.${state}`, { count: targets[state] })}
          </span>
        ))}
      </p>
    </div>
  );
}

function Probes({ switches }: { readonly switches: readonly SwitchProbesView[] }) {
  const t = useTranslations('overview.health');
  return (
    <div className="border-t border-line px-4 py-3">
      <h3>{t('probes')}</h3>
      <ul className="mt-1 grid gap-0.5 text-12">
        {switches.map(({ switchId, domain, failing, vantages, at }) => (
          <li key={switchId} className="flex flex-wrap items-center gap-x-2">
            <TextLink href={routes.switches()}>{domain}</TextLink>
            <Status tone={at === null ? 'off' : failing > 0 ? 'bad' : 'ok'}>
              {at === null ? t('probeNone') : t('probe', { failing, vantages })}
            </Status>
            {at === null ? null : <AsOf at={at} />}
          </li>
        ))}
      </ul>
    </div>
  );
}
