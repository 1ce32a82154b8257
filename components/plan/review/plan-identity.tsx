import { useTranslations } from 'next-intl';
import { Copyable } from '@/components/ui/copyable';
import { FactRow, Facts } from '@/components/ui/facts';
import { Panel } from '@/components/ui/panel';
import type { PlanView } from '@/lib/client/views';

/** The identity of this exact plan: its hash changes with any step. */
export function PlanIdentity({ view }: { readonly view: PlanView }) {
  const t = useTranslations('plan.review');
  return (
    <Panel title={t('hash')}>
      <Facts>
        <FactRow name={t('planId')}>
          <Copyable value={view.id} />
        </FactRow>
        <FactRow name={t('hashName')}>
          <Copyable value={view.hash} />
        </FactRow>
      </Facts>
    </Panel>
  );
}
