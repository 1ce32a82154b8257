import { useTranslations } from 'next-intl';
import { Copyable } from '@/components/ui/copyable';
import { Panel } from '@/components/ui/panel';
import type { ConnectionView } from '@/lib/contract/connection';
import type { Estate } from '@/lib/estate/model';
import type { Plan } from '@/lib/plan/model/model';
import { accessAddresses, curlLine } from './access-addresses';

type AccessPanelProps = {
  readonly plan: Pick<Plan, 'diversion' | 'steps'>;
  readonly connection: Pick<ConnectionView, 'kind' | 'portOffset' | 'dial'>;
  /** The newest snapshot. */
  readonly estate: Estate | null;
};

/** The addresses of an Access's functions once it is applied; renders nothing for other kinds. */
export function AccessPanel({ plan, connection, estate }: AccessPanelProps) {
  const t = useTranslations('plan.access');
  const addresses = accessAddresses(plan);
  if (addresses.length === 0) return null;
  return (
    <Panel title={t('title')}>
      <ul className="grid gap-3 text-12">
        {addresses.map((address) => {
          const line = curlLine(address, connection, estate);
          return (
            <li key={address.url} className="grid min-w-0 gap-1">
              <Copyable value={address.url} />
              {line === null ? <p className="text-ink-2">{t('notYet')}</p> : <Copyable value={line} />}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
