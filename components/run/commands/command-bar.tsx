import { useTranslations } from 'next-intl';
import type { RunPageView } from '@/lib/client/views';
import type { RunCommand } from '@/lib/run/model/model';
import { CommandButton, whyId } from './command-button';
import { CommandNote } from './command-note';
import { commandOffer, mainOffers, otherOffers, runCommands } from './run-commands';
import type { CommandState } from './use-run';

type CommandBarProps = {
  readonly run: RunPageView;
  readonly last: CommandState;
  readonly onAsk: (command: RunCommand) => void;
};

/** The two most important commands, at the top right in every state. */
export function MainCommands({ run, last, onAsk }: CommandBarProps) {
  return mainOffers(run).map((offer) => (
    <CommandButton key={offer.command} offer={offer} last={last} size="lg" onAsk={onAsk} />
  ));
}

/**
 * All other commands, the outcome of the last one, and the reason why each disabled one is disabled. Small screens are
 * read-only.
 */
export function OtherCommands({ run, last, onAsk }: CommandBarProps) {
  const t = useTranslations('run');
  return (
    <section
      aria-label={t('commands')}
      className="hidden flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line bg-surface px-3 py-2 md:flex"
    >
      <div className="flex flex-wrap gap-2">
        {otherOffers(run).map((offer) => (
          <CommandButton key={offer.command} offer={offer} last={last} size="md" onAsk={onAsk} />
        ))}
      </div>
      <div className="min-w-80 flex-1 text-12 text-ink-2">
        <CommandNote last={last} />
        <WhyOff run={run} />
      </div>
    </section>
  );
}

/** The reasons, each once with the commands that it disables. */
function WhyOff({ run }: { readonly run: RunPageView }) {
  const t = useTranslations('run');
  const reasons = new Map<string, RunCommand[]>();
  for (const command of runCommands) {
    const offer = commandOffer(run, command);
    if (offer.can) continue;
    const reason = t(`off.${offer.why}`);
    reasons.set(reason, [...(reasons.get(reason) ?? []), command]);
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
          {reason}
        </li>
      ))}
      {/* A button is described only by its own reason; the list above names several buttons at a time. */}
      {[...reasons].flatMap(([reason, commands]) =>
        commands.map((command) => (
          <li key={command} id={`${whyId}-${command}`} hidden>
            {reason}
          </li>
        )),
      )}
    </ul>
  );
}
