import { useTranslations } from 'next-intl';
import type { ControlOff } from './control';

/** Returns the reason why the control is disabled, as text; empty if it is not. */
export function useControlOffText(off: ControlOff | null): string {
  const t = useTranslations('switch');
  if (off === null) return '';
  switch (off.why) {
    case 'blocked':
      return t('lever.off.blocked', { count: off.count });
    case 'unbound':
    case 'nothing':
      return t(`lever.off.${off.why}`, { side: t(`side.${off.side}`) });
    case 'gone':
    case 'bake':
    case 'typed':
      return t(`lever.off.${off.why}`);
  }
}
