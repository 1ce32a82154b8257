import { useTranslations } from 'next-intl';
import { Status } from '@/components/ui/chip';
import { TextLink } from '@/components/ui/text-link';
import { AsOf } from '@/components/ui/time';
import type {
  ConnectionHealthView,
  HealthOverview,
  OverviewView,
  TargetCounts,
} from '@/lib/contract/overview';
import { routes } from '@/lib/routes';
import { Part } from './part';

/** The health of servers and functions by account, and of the sides of Switches that vantage points see fail. */
export function HealthPanel({ health }: Pick<OverviewView, 'health'>) {
  const t = useTranslations('overview.health');
  return (
    <Part title={t('title')} part={health} aside={({ connections }) => <Oldest connections={connections} />}>
      {({ connections, switches }) =>
        connections.length === 0 ? (
          <p className="px-4 py-3 text-ink-2">{t('none')}</p>
        ) : (
          <ul className="divide-y divide-line">
            {connections.map((each) => (
              <ConnectionHealth key={each.connection.id} health={each} />
            ))}
            {switches
              .filter(({ failing }) => failing > 0)
              .map(({ switchId, domain, failing, vantages }) => (
                <li key={switchId} className="flex flex-wrap items-center gap-x-4 px-4 py-2.5">
                  <TextLink href={routes.switches()}>{domain}</TextLink>
                  <Status tone="bad">{t('probe', { failing, vantages })}</Status>
                </li>
              ))}
          </ul>
        )
      }
    </Part>
  );
}

/** The time of the oldest data. */
function Oldest({ connections }: Pick<HealthOverview, 'connections'>) {
  const [oldest] = connections.flatMap(({ readAt }) => readAt ?? []).toSorted();
  return oldest === undefined ? null : <AsOf at={oldest} />;
}

function ConnectionHealth({ health }: { readonly health: ConnectionHealthView }) {
  const t = useTranslations('overview.health');
  const { connection, readAt, targets, failing, failingTotal, functions, balancersDown } = health;
  const { ready, notReady } = functions;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <TextLink href={routes.estate(connection.id)}>{connection.name}</TextLink>
      {readAt === null ? (
        <span className="text-ink-2">{t('never')}</span>
      ) : (
        <>
          <Targets targets={targets} />
          <Status tone={notReady.length === 0 ? 'ok' : 'warn'}>
            {t('functions', { ready, all: ready + notReady.length, unready: notReady.length })}
          </Status>
          {notReady.length === 0 ? null : <span className="text-12">{notReady.slice(0, 5).join(', ')}</span>}
          {balancersDown.length === 0 ? null : (
            <Status tone="bad">{t('balancersDown', { names: balancersDown.slice(0, 5).join(', ') })}</Status>
          )}
          {failing.length === 0 ? null : (
            <ul className="flex w-full flex-wrap gap-x-4 text-12">
              {failing.map(({ node, name, dead, all }) => (
                <li key={node} className="flex min-h-6 flex-wrap items-center gap-x-2">
                  <TextLink href={routes.estateNode(connection.id, node)}>{name}</TextLink>
                  <Status tone="bad">{t('failing', { dead, all })}</Status>
                </li>
              ))}
              {failingTotal > failing.length ? (
                <li>{t('moreFailing', { count: failingTotal - failing.length })}</li>
              ) : null}
            </ul>
          )}
        </>
      )}
    </li>
  );
}

/** The servers that pass their health check, of those with a result; never a zero where nothing was read. */
function Targets({
  targets: { alive, dead, unknown, unchecked, unread },
}: {
  readonly targets: TargetCounts;
}) {
  const t = useTranslations('overview.health');
  const checked = alive + dead;
  const others = { unknown, unchecked, unread };
  const rest = (Object.keys(others) as (keyof typeof others)[]).filter((state) => others[state] > 0);
  return (
    <>
      {checked === 0 ? null : (
        <Status tone={dead > 0 ? 'bad' : 'ok'}>{t('targets', { alive, checked })}</Status>
      )}
      {rest.map((state) => (
        <Status key={state} tone="off">
          {t(state, { count: others[state] })}
        </Status>
      ))}
    </>
  );
}
