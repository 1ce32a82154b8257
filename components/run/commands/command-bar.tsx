import { useTranslations } from 'next-intl';
import { useEmergencyStop } from '@/components/shell/emergency-stop-provider';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { Kbd } from '@/components/ui/kbd';
import { useMay } from '@/lib/client/session/rights';
import type { RunPageView } from '@/lib/contract/run';
import { unreachable } from '@/lib/invariant';
import type { RunCommand } from '@/lib/run/model/model';
import { commandIcons } from './command-icons';
import {
  type CommandOffer,
  commandKeys,
  isOnSmall,
  mainOffers,
  type OffReason,
  otherOffers,
} from './run-commands';
import type { CommandState } from './use-run-commands';

const variants: Readonly<Record<RunCommand, 'default' | 'primary' | 'danger'>> = {
  pause: 'default',
  continue: 'primary',
  rollback: 'danger',
  skipBake: 'default',
  replan: 'default',
  leaveAsIs: 'default',
};

/** The id of the text that explains why commands are disabled. */
const whyId = 'run-why';
type CommandButtonProps = {
  readonly offer: CommandOffer;
  readonly last: CommandState;
  readonly size: 'md' | 'lg';
  readonly onCommand: (command: RunCommand) => void;
};

/** One command: it asks for confirmation. When disabled, the text with the reasons describes it. */
function CommandButton({ offer, last, size, onCommand }: CommandButtonProps) {
  const t = useTranslations('run.command');
  const { command, can } = offer;
  const keys = commandKeys[command];
  const Icon = commandIcons[command];
  const isBusy = (last.state === 'sending' || last.state === 'sent') && last.command === command;
  return (
    <Button
      size={size}
      variant={can ? variants[command] : 'default'}
      icon={<Icon aria-hidden />}
      disabled={!can}
      busy={isBusy}
      className={isOnSmall(offer) ? '' : 'max-md:hidden'}
      aria-describedby={can ? undefined : `${whyId}-${command}`}
      aria-keyshortcuts={keys?.replace(' ', '+')}
      onClick={() => onCommand(command)}
    >
      {t(command)}
      {keys !== undefined && can ? (
        <span className="max-md:hidden">
          <Kbd>{keys}</Kbd>
        </span>
      ) : null}
    </Button>
  );
}

type CommandBarProps = {
  readonly run: RunPageView;
  readonly last: CommandState;
  readonly onCommand: (command: RunCommand) => void;
};

/** The two most important commands, at the top right where they apply. */
export function MainCommands({ run, last, onCommand }: CommandBarProps) {
  const isPaused = (useEmergencyStop()?.stop ?? null) !== null;
  if (!useMay('operate')) return null;
  return mainOffers(run, { isPaused }).map((offer) => (
    <CommandButton key={offer.command} offer={offer} last={last} size="lg" onCommand={onCommand} />
  ));
}

/**
 * All other commands, the outcome of the last one, and the reason why each disabled one is disabled. Small screens show
 * the outcome only.
 */
export function OtherCommands({ run, last, onCommand }: CommandBarProps) {
  const t = useTranslations('run');
  const mayCommand = useMay('operate');
  const isPaused = (useEmergencyStop()?.stop ?? null) !== null;
  const others = otherOffers(run, { isPaused });
  const offers = [...mainOffers(run, { isPaused }), ...others];
  if (!mayCommand)
    return offers.some(({ can }) => can) ? <p className="text-12 text-ink-2">{t('onlyOperators')}</p> : null;
  if (others.length === 0 && offers.every(({ can }) => can) && last.state === 'none') return null;
  return (
    <section
      data-keeps-focus
      aria-label={t('commands')}
      className={classes(
        'flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line bg-surface px-3 py-2',
        hasOutcome(last) ? null : 'max-md:hidden',
      )}
    >
      <div className="flex flex-wrap gap-2 max-md:hidden">
        {others.map((offer) => (
          <CommandButton key={offer.command} offer={offer} last={last} size="md" onCommand={onCommand} />
        ))}
      </div>
      <div className="flex-1 text-12 text-ink-2 md:min-w-80">
        <CommandNote last={last} />
        <div className="max-md:hidden">
          <WhyOff offers={offers} />
        </div>
      </div>
    </section>
  );
}

/** The reasons, each once with the commands that it disables. */
function WhyOff({ offers }: { readonly offers: readonly CommandOffer[] }) {
  const t = useTranslations('run');
  const reasons = new Map<OffReason, RunCommand[]>();
  for (const offer of offers) {
    if (offer.can) continue;
    reasons.set(offer.why, [...(reasons.get(offer.why) ?? []), offer.command]);
  }
  return (
    <ul className="flex flex-wrap gap-x-3">
      {[...reasons].map(([reason, commands]) => (
        <li key={reason}>
          {commands.map((command, index) => (
            <span key={command}>
              {index === 0 ? null : ', '}
              <strong className="font-semibold">{t(`command.${command}`)}</strong>
            </span>
          ))}
          {': '}
          {t(`off.${reason}`)}
        </li>
      ))}
      {/* A button is described only by its own reason; the list above names several buttons at a time. */}
      {[...reasons].flatMap(([reason, commands]) =>
        commands.map((command) => (
          <li key={command} id={`${whyId}-${command}`} hidden>
            {t(`off.${reason}`)}
          </li>
        )),
      )}
    </ul>
  );
}

const hasOutcome = (last: CommandState) => last.state !== 'none' && last.state !== 'sending';

/** The outcome of the last command. */
function CommandNote({ last }: { readonly last: CommandState }) {
  const t = useTranslations('run');
  switch (last.state) {
    case 'refused':
      return (
        <p role="alert" className="text-bad-ink">
          {t('commandFailed')} {last.text}
        </p>
      );
    case 'unknown':
      return (
        <p role="alert" className="text-bad-ink">
          {t('commandUnknown', { command: t(`command.${last.command}`) })}
        </p>
      );
    case 'sent':
      return <p>{t('commandSent', { command: last.command })}</p>;
    case 'none':
    case 'sending':
      return null;
    default:
      return unreachable(last);
  }
}
