import { routes } from '@/lib/routes';
import { createRecoveryLink } from '@/lib/server/auth/set-up-link';
import { parseSettings, publicUrl } from '@/lib/settings';
import { withOwnerDatabase } from '../postgres/with-owner-database';

/**
 * Prints a set-up link for a further administrator: `npm run set-up-link`.
 * @param root the project's folder
 * @returns the exit code: 0 printed, 1 not; the reason has been printed
 */
export async function printSetUpLink(root: string): Promise<number> {
  try {
    const settings = parseSettings(process.env);
    if (!settings.ok) throw new Error(settings.error.join('\n'));
    const token = await withOwnerDatabase(root, createRecoveryLink);
    console.log(`Create an administrator's account (the link works once, for 24 hours):`);
    console.log(`  ${publicUrl(settings.value)}${routes.setUp(token)}`);
    return 0;
  } catch (error) {
    console.error(`No link was created: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}
