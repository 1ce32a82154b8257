import { useTranslations } from 'next-intl';
import type { OrderState } from './use-sandbox';

/** Why the last order was not taken, or that nobody knows; nothing when all is well. */
export function OrderNote({ last }: { readonly last: OrderState }) {
  const t = useTranslations('sandbox');
  if (last.state !== 'refused' && last.state !== 'unknown') return null;
  return (
    <p role="alert" className="text-12 text-bad-ink">
      {last.state === 'refused' ? last.text : t('unknown')}
    </p>
  );
}
