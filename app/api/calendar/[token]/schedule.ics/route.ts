import { readFeed } from '@/lib/server/calendar/read-feeds';
import { problem, route } from '@/lib/server/route';

export const GET = route<{ token: string }>(async ({ token }) => {
  const text = await readFeed({ token });
  if (text === null) return problem(404, 'There is no such calendar. Its address may have been revoked.');
  return new Response(text, { headers: { 'Content-Type': 'text/calendar; charset=utf-8' } });
});
