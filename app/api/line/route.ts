import { getEmergencyStop } from '@/lib/server/settings/get-emergency-stop';

export async function GET(): Promise<Response> {
  return Response.json(await getEmergencyStop());
}
