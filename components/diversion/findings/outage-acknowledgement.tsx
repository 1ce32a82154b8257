import { ShieldAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { TextButton } from '@/components/ui/text-link';
import { isOutage } from '@/lib/diversion/acknowledgement';
import type { Patch } from '@/lib/draft/apply-fix';
import type { FieldFinding } from '@/lib/draft/field-findings';

type OutageAcknowledgementProps = {
  readonly finding: FieldFinding;
  readonly onChange: (patch: Patch) => void;
};

/** Acknowledges a predicted outage by the typed name of its domain, or withdraws that. Other findings have none. */
export function OutageAcknowledgement({ finding, onChange }: OutageAcknowledgementProps) {
  const t = useTranslations('preflight.outage');
  const id = useId();
  const [typed, setTyped] = useState('');
  const { acknowledgement: outage, isAcknowledged = false } = finding;
  if (outage === undefined) return null;
  const { domain, finding: accepted } = outage;
  const kind = { isOutage: String(isOutage(accepted)) };
  const isTyped = typed.trim().toLowerCase() === domain;
  const acknowledge = () => {
    if (isTyped) onChange({ field: 'acknowledged', outage, isAcknowledged: true });
  };
  return (
    // The button of either state is gone in the other.
    <div data-keeps-focus>
      {isAcknowledged ? (
        <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 font-medium">
          <span className="inline-flex items-center gap-1.5">
            <ShieldAlert aria-hidden className="size-3.5" />
            {t('acknowledged', { domain, ...kind })}
          </span>
          <TextButton
            className="min-h-6"
            onClick={() => onChange({ field: 'acknowledged', outage, isAcknowledged: false })}
          >
            {t('withdraw')}
          </TextButton>
        </p>
      ) : (
        <div className="mt-2 grid gap-1 text-ink-2">
          <label htmlFor={id}>{t('label', { domain, ...kind })}</label>
          <div className="flex flex-wrap gap-2">
            <div className="min-w-40 flex-1">
              <Input
                id={id}
                autoComplete="off"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) acknowledge();
                }}
              />
            </div>
            <Button disabled={!isTyped} onClick={acknowledge}>
              {t('submit', kind)}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
