import { ShieldAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { isOutage } from '@/lib/diversion/acknowledgement';
import type { Finding } from '@/lib/preflight/model/model';

/** Says that a predicted outage is acknowledged, or how to acknowledge it. Renders nothing for other findings. */
export function OutageNote({
  finding: { acknowledgement, isAcknowledged },
}: {
  readonly finding: Pick<Finding, 'acknowledgement' | 'isAcknowledged'>;
}) {
  const t = useTranslations('preflight.outage');
  if (acknowledgement === undefined) return null;
  const { domain, finding } = acknowledgement;
  return (
    <span className="flex items-start gap-1.5 font-medium text-warn-ink">
      <ShieldAlert aria-hidden className="mt-px size-3.5 shrink-0" />
      {t(isAcknowledged ? 'acknowledged' : 'blocks', { domain, isOutage: String(isOutage(finding)) })}
    </span>
  );
}
