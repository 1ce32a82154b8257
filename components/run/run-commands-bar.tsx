'use client';

import { Pause, RotateCcw, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import type { RunView } from '@/lib/run/model';
import { RevertDialog } from './revert-dialog';
import { commandOffers } from './run-commands';
import type { RunCommander } from './use-run';

type RunCommandsProps = { readonly run: RunView; readonly command: RunCommander };

const looks = {
  hold: { variant: 'default', icon: <Pause aria-hidden /> },
  retry: { variant: 'primary', icon: <RotateCcw aria-hidden /> },
  revert: { variant: 'danger', icon: <Undo2 aria-hidden /> },
} as const;

/** Hold, retry, revert: each either possible or off with the reason beside it. */
export function RunCommands({ run, command }: RunCommandsProps) {
  const t = useTranslations('run');
  const [isReverting, setIsReverting] = useState(false);
  const { last, give } = command;
  const offers = commandOffers(run);
  const reasons = [...new Set(offers.flatMap((offer) => (offer.can ? [] : [t(`off.${offer.why}`)])))];
  const isBusy = last.state === 'sending' || last.state === 'asked';
  return (
    <div className="flex flex-wrap items-center justify-end gap-2">
      <span id="run-why" className="max-w-90 text-right text-12 text-ink-2">
        {last.state === 'refused' ? (
          <span role="alert" className="text-bad-ink">
            {t('commandFailed')} {last.text}
          </span>
        ) : last.state === 'asked' ? (
          t('commandSent')
        ) : (
          reasons.join(' ')
        )}
      </span>
      {offers.map((offer) => (
        <Button
          key={offer.command}
          size="lg"
          variant={offer.can ? looks[offer.command].variant : 'default'}
          icon={looks[offer.command].icon}
          disabled={!offer.can}
          busy={isBusy && last.command === offer.command}
          aria-describedby="run-why"
          onClick={() => (offer.command === 'revert' ? setIsReverting(true) : void give(offer.command))}
        >
          {t(`command.${offer.command}`)}
        </Button>
      ))}
      <RevertDialog
        run={run}
        open={isReverting}
        onOpenChange={setIsReverting}
        onRevert={() => {
          setIsReverting(false);
          void give('revert');
        }}
      />
    </div>
  );
}
