import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import type { RunCommand } from '@/lib/run/model/model';
import { commandIcons } from './command-icons';
import type { CommandOffer } from './run-commands';
import type { CommandState } from './use-run';

type Look = { readonly variant: 'default' | 'primary' | 'danger'; readonly keys?: string };

const looks: Readonly<Record<RunCommand, Look>> = {
  pause: { variant: 'default', keys: 'P' },
  resume: { variant: 'primary' },
  retry: { variant: 'primary' },
  revert: { variant: 'danger', keys: 'Shift R' },
  skipBake: { variant: 'default' },
  hold: { variant: 'default' },
  replan: { variant: 'default' },
  abort: { variant: 'default' },
};

/** The id of the text that says why commands are disabled. */
export const whyId = 'run-why';

type CommandButtonProps = {
  readonly offer: CommandOffer;
  readonly last: CommandState;
  readonly size: 'md' | 'lg';
  readonly onAsk: (command: RunCommand) => void;
};

/** One command: it asks for confirmation. When disabled, the text with the reasons describes it. */
export function CommandButton({ offer, last, size, onAsk }: CommandButtonProps) {
  const t = useTranslations('run.command');
  const { command, can } = offer;
  const look = looks[command];
  const Icon = commandIcons[command];
  const isBusy = (last.state === 'sending' || last.state === 'asked') && last.command === command;
  return (
    <Button
      size={size}
      variant={can ? look.variant : 'default'}
      icon={<Icon aria-hidden />}
      disabled={!can}
      busy={isBusy}
      aria-describedby={can ? undefined : `${whyId}-${command}`}
      aria-keyshortcuts={look.keys?.replace(' ', '+')}
      onClick={() => onAsk(command)}
    >
      {t(command)}
      {look.keys !== undefined && can ? <Kbd>{look.keys}</Kbd> : null}
    </Button>
  );
}
