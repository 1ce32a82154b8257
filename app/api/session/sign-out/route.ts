import { signOut } from '@/lib/server/auth/change-session';
import { sessionRoute } from '@/lib/server/route';

// What the pages have stored in the browser, such as drafts. https://www.w3.org/TR/clear-site-data/
export const POST = sessionRoute(signOut, { 'Clear-Site-Data': '"storage"' });
