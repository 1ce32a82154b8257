import { getEmergencyStop } from '@/lib/server/get-line';

export async function GET(): Promise<Response> {
  return Response.json(await getEmergencyStop());
}
