import { useTranslations } from 'next-intl';
import { hostNameOf } from '@/lib/estate/look-up';
import type { ObjectRef } from '@/lib/estate/object';

/** Names the object that a step touches. */
export function useObjectName(): (object: ObjectRef) => string {
  const t = useTranslations('run.held.object');
  return (object) =>
    object.kind === 'rule'
      ? t('rule', { rule: `${object.domain}${object.url}`, loadBalancer: object.loadBalancerId })
      : t('recordSet', { name: hostNameOf(object) });
}
