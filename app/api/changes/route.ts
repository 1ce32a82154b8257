import { streamChanges } from '@/lib/server/stream-changes';
import { webChanges } from '@/lib/server/web-changes';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export function GET(request: Request): Response {
  return streamChanges(webChanges(), request.signal);
}
