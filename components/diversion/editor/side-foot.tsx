import { useTranslations } from 'next-intl';
import { accessAddress } from '@/components/diversion/draft/access-address';
import type { DraftSide } from '@/components/diversion/draft/draft';
import { ttlFacts } from '@/components/diversion/draft/ttl-facts';
import { Copyable } from '@/components/ui/copyable';
import type { DiversionForm } from './use-diversion-form';

/** The effect on a side's traffic, at the foot of its sheet; for an Access, the addresses of the functions. */
export function SideFoot({ side, form }: { readonly side: DraftSide; readonly form: DiversionForm }) {
  const t = useTranslations('diversion.side');
  const { draft, estate } = form;
  if (draft.kind === 'access') {
    const addresses = draft.routes.flatMap((route) => accessAddress(estate, route) ?? []);
    if (addresses.length === 0) return t('access.function.foot');
    return (
      <>
        <p>{t('reached')}</p>
        <ul>
          {[...new Set(addresses)].map((address) => (
            <li key={address}>
              <Copyable value={address} />
            </li>
          ))}
        </ul>
      </>
    );
  }
  if (draft.kind === 'switch' || side === 'cvm') return t(`${draft.kind}.${side}.foot`);
  const ttlS = Math.max(0, ...ttlFacts(estate, draft).map((fact) => fact.ttlS ?? 0));
  const served = Math.min(ttlS, Number.isNaN(draft.lowerTtlS) ? ttlS : (draft.lowerTtlS ?? ttlS));
  return served > 0 ? t('split.function.footTtl', { seconds: served }) : t('split.function.foot');
}
