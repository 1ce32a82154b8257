import { Menu } from '@base-ui/react/menu';
import { Ellipsis } from 'lucide-react';
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

/** The commands that the run accepts now, each of which asks for confirmation. Those of the menu need a larger screen. */
export function CommandBar({ main, others, last, show }: RunCommands) {
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
      {others.length === 0 ? null : <MoreCommands others={others} show={show} />}
    </>
  );
}

/** The button at the end of the commands, with the menu of those that are used less often. */
function MoreCommands({ others, show }: Pick<RunCommands, 'others' | 'show'>) {
  const t = useTranslations('run');
  return (
    <Menu.Root>
      <Menu.Trigger
        render={
          <Button
            size="lg"
            aria-label={t('commands')}
            icon={<Ellipsis aria-hidden />}
            className="max-md:hidden"
          />
        }
      />
      <Menu.Portal>
        <Menu.Positioner className="z-50 outline-hidden" sideOffset={4} align="end">
          <Menu.Popup className="min-w-44 rounded-md border border-line-strong bg-raised py-1 shadow-float outline-hidden">
            {others.map((command) => {
              const Icon = commandIcons[command];
              return (
                <Menu.Item
                  key={command}
                  onClick={() => show(command)}
                  className="flex items-center gap-2 px-3 py-1.5 outline-hidden data-highlighted:bg-accent-soft"
                >
                  <Icon aria-hidden className="size-4 text-ink-3" />
                  {t(`command.${command}`)}
                </Menu.Item>
              );
            })}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
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
