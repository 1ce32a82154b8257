import { createTranslator } from 'next-intl';
import type { AnyKeyTranslator } from '@/components/ui/use-message';
import preflightMessages from '@/lib/messages/en/preflight.json';

/** Formats findings, and fails if a text or one of its values is missing. */
export const preflightWords = createTranslator({
  locale: 'en',
  messages: { preflight: preflightMessages },
  onError(error) {
    throw error;
  },
}) as unknown as AnyKeyTranslator;
