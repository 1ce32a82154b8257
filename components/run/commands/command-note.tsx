import { useTranslations } from 'next-intl';
import { unreachable } from '@/lib/invariant';
import type { CommandState } from './use-run';

/** The outcome of the last command. */
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
    case 'asked':
      return <p>{t('commandSent', { command: last.command })}</p>;
    case 'none':
    case 'sending':
      return null;
    default:
      return unreachable(last);
  }
}
