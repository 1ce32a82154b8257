import { useTranslations } from 'next-intl';
import { getHostName } from '@/lib/estate/look-up';
import type { ObjectRef } from '@/lib/estate/object';
import { refName } from '@/lib/estate/ref-name';

/** Returns a function that names the object of a step. */
export function useObjectName(): (object: ObjectRef) => string {
  const t = useTranslations('run.held.object');
  return (object) => {
    switch (object.kind) {
      case 'rule':
        return t('rule', { rule: `${object.domain}${object.url}`, loadBalancer: object.loadBalancerId });
      case 'recordSet':
        return t('recordSet', { name: getHostName(object) });
      default:
        return t(object.kind, { name: refName(object) });
    }
  };
}
