import { createTranslator } from 'next-intl';
import { messages } from '@/lib/messages/messages';
import type { AnyKeyTranslator } from '@/lib/messages/use-any-key';

/** Formats findings, and fails if a text or one of its values is missing. */
export const preflightWords = createTranslator({
  locale: 'en',
  messages: { preflight: messages.preflight },
  onError(error) {
    throw error;
  },
}) as unknown as AnyKeyTranslator;
