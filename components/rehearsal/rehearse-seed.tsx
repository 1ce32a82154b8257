'use client';

import { FlaskConical } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { useMay } from '@/lib/client/session/rights';
import type { RehearsalView, StartRehearsalAction } from '@/lib/contract/rehearsal';
import { RehearseDialog } from './rehearse-dialog';

type RehearseSeedProps = {
  readonly view: Pick<RehearsalView, 'id' | 'planId' | 'hash' | 'settings' | 'cutover'>;
  readonly seed: number;
  readonly startRehearsal: StartRehearsalAction;
};

/** Opens the dialog that rehearses one event of a fire drill again. */
export function RehearseSeed({ view, seed, startRehearsal }: RehearseSeedProps) {
  const t = useTranslations('rehearsal.drill');
  const mayRehearse = useMay('operate');
  const [isOpen, setIsOpen] = useState(false);
  if (!mayRehearse) return null;
  const { id, planId, hash, settings, cutover } = view;
  return (
    <>
      <Button
        size="sm"
        icon={<FlaskConical aria-hidden />}
        aria-label={t('rehearseSeed', { seed: String(seed) })}
        onClick={() => setIsOpen(true)}
      >
        {t('rehearse')}
      </Button>
      {isOpen ? (
        <RehearseDialog
          planId={planId}
          hash={hash}
          startRehearsal={startRehearsal}
          onClose={() => setIsOpen(false)}
          repeated={{ id, settings, cutover, seed }}
        />
      ) : null}
    </>
  );
}
