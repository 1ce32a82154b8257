import { createTranslator } from 'next-intl';
import type { AnyKeyTranslator } from '@/components/ui/use-message';
import { messages } from '@/lib/messages/messages';

/** Formats findings, and fails if a text or one of its values is missing. */
export const preflightWords = createTranslator({
  locale: 'en',
  messages: { preflight: messages.preflight },
  onError(error) {
    throw error;
  },
}) as unknown as AnyKeyTranslator;
