import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { unreachable } from '@/lib/invariant';
import type { RunCommand } from '@/lib/run/model/model';
import { commandIcons } from './command-icons';
import { commandKeys } from './run-commands';
import type { CommandState, RunCommands } from './use-run-commands';

const variants: Readonly<Partial<Record<RunCommand, 'primary' | 'danger'>>> = {
  continue: 'primary',
  rollback: 'danger',
};

/** The buttons of the commands that the run accepts now, each of which asks for confirmation. */
export function CommandBar({ main, last, show }: RunCommands) {
  const t = useTranslations('run');
  return (
    <>
      {main.map((command) => {
        const Icon = commandIcons[command];
        const keys = commandKeys[command];
        return (
          <Button
            key={command}
            size="lg"
            variant={variants[command] ?? 'default'}
            icon={<Icon aria-hidden />}
            busy={(last.state === 'sending' || last.state === 'sent') && last.command === command}
            aria-keyshortcuts={keys?.replace(' ', '+')}
            onClick={() => show(command)}
          >
            {t(`command.${command}`)}
            {keys === undefined ? null : (
              <span className="max-md:hidden">
                <Kbd>{keys}</Kbd>
              </span>
            )}
          </Button>
        );
      })}
    </>
  );
}

/** The outcome of the last command; renders nothing without one. */
export function CommandNote({ last }: { readonly last: CommandState }) {
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
