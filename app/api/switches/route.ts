import { getSwitchboard } from '@/lib/server/switches/get-switchboard';

export async function GET(): Promise<Response> {
  return Response.json(await getSwitchboard());
}
