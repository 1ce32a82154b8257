/**
 * One language, without a locale in the path. The browser formats times in the viewer's zone; they are UTC until then.
 */
export const intl = { locale: 'en', timeZone: 'UTC' } as const;
