import { useTranslations } from 'next-intl';
import { Time } from '@/components/ui/time';
import type { AcceptanceView } from '@/lib/client/drift-views';

/** The actor, time and reason of accepted drift. */
export function AcceptanceLine({ adopted }: { readonly adopted: AcceptanceView }) {
  const t = useTranslations('drift');
  const { actor, reason, at } = adopted;
  return (
    <p className="text-12 break-words text-ink-2">
      {t.rich('adoptedBy', { actor, reason, time: () => <Time at={at} /> })}
    </p>
  );
}
