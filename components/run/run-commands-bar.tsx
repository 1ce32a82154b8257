'use client';

import { Archive, Pause, RotateCcw, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { unreachable } from '@/lib/invariant';
import type { RunCommand, RunView } from '@/lib/run/model';
import { CloseDialog } from './close-dialog';
import { RetryDialog } from './retry-dialog';
import { RevertDialog } from './revert-dialog';
import { type CommandOffer, commandOffers } from './run-commands';
import type { RunCommander } from './use-run';

type RunCommandsProps = { readonly run: RunView; readonly command: RunCommander };

const looks = {
  hold: { variant: 'default', icon: <Pause aria-hidden /> },
  close: { variant: 'default', icon: <Archive aria-hidden /> },
  retry: { variant: 'primary', icon: <RotateCcw aria-hidden /> },
  revert: { variant: 'danger', icon: <Undo2 aria-hidden /> },
} as const;

/** What can be done with a run: each command either possible or off with the reason beside it. */
export function RunCommands({ run, command }: RunCommandsProps) {
  const t = useTranslations('run');
  const [asking, setAsking] = useState<RunCommand | null>(null);
  const { last, give } = command;
  const offers = commandOffers(run);
  const isBusy = last.state === 'sending' || last.state === 'asked';
  const asks = (name: RunCommand) =>
    name === 'revert' || name === 'close' || (name === 'retry' && run.connectionKind === 'tencent');
  const dialogOf = (name: RunCommand) => ({
    run,
    open: asking === name,
    onOpenChange: (open: boolean) => setAsking(open ? name : null),
  });
  const answer = (name: RunCommand, typedDomain?: string) => {
    setAsking(null);
    give(name, typedDomain);
  };
  return (
    <div className="flex flex-wrap items-center justify-end gap-2">
      <span id="run-why" className="max-w-90 text-right text-12 text-ink-2">
        <CommandNote last={last} offers={offers} />
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
          onClick={() => (asks(offer.command) ? setAsking(offer.command) : give(offer.command))}
        >
          {t(`command.${offer.command}`)}
        </Button>
      ))}
      <RetryDialog {...dialogOf('retry')} onRetry={(typed) => answer('retry', typed)} />
      <RevertDialog {...dialogOf('revert')} onRevert={() => answer('revert')} />
      <CloseDialog {...dialogOf('close')} onClose={() => answer('close')} />
    </div>
  );
}

type CommandNoteProps = { readonly last: RunCommander['last']; readonly offers: readonly CommandOffer[] };

/** What became of the last command; else why the others are off. */
function CommandNote({ last, offers }: CommandNoteProps) {
  const t = useTranslations('run');
  switch (last.state) {
    case 'refused':
      return (
        <span role="alert" className="text-bad-ink">
          {t('commandFailed')} {last.text}
        </span>
      );
    case 'unknown':
      return (
        <span role="alert" className="text-bad-ink">
          {t('commandUnknown', { command: t(`command.${last.command}`) })}
        </span>
      );
    case 'asked':
      return t('commandSent');
    case 'none':
    case 'sending':
      return [...new Set(offers.flatMap((offer) => (offer.can ? [] : [t(`off.${offer.why}`)])))].join(' ');
    default:
      return unreachable(last);
  }
}
