import { spillwayVersion } from '@/lib/version';

export function GET(): Response {
  const headers = { 'Cache-Control': 'no-store' };
  return Response.json({ live: true, version: spillwayVersion }, { headers });
}
