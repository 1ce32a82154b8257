/** Passwords have at least 12 characters, and no rules of composition (ASVS 5.0, 6.2.1 and 6.2.5). */
export const passwordMin = 12;
/** Hashing takes longer for longer input (ASVS 5.0, 6.2.9: at least 64). */
export const passwordMax = 128;
