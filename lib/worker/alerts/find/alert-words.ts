import { createTranslator } from 'next-intl';
import type { AlertEventKind } from '@/lib/alerts/alert';
import alerts from '@/lib/messages/en/alerts.json';
import { intl } from '@/lib/messages/intl';

/** The texts of alerts. */
export const t = createTranslator({ ...intl, messages: { alerts }, namespace: 'alerts' });

/** Returns the title of an alert about something with a name. */
export const alertTitle = (event: AlertEventKind, name: string) =>
  t('message.title', { event: t(`event.${event}`), name });
