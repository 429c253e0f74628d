import { Resource } from "sst/resource";
import { z } from "zod";

/** What the web's server side was deployed with. */
const Settings = z.object({ url: z.string() });
const Secret = z.object({ value: z.string() });
const Blobs = z.object({ origin: z.string() });
const Previews = z.object({ origin: z.string() });
const SandboxEdge = z.object({ previews: z.string(), sockets: z.string() });
const Socket = z.object({ url: z.string() });

/** The public origin. */
export function appURL(): string {
  return Settings.parse(Reflect.get(Resource, "Settings")).url;
}

/** Signs session cookies. */
export function authSecret(): string {
  return Secret.parse(Reflect.get(Resource, "AuthSecret")).value;
}

/** Where presigned URLs of files lead. */
export function blobsOrigin(): string {
  return Blobs.parse(Reflect.get(Resource, "Blobs")).origin;
}

/** Where previews are served. */
export function previewsOrigin(): string {
  return Previews.parse(Reflect.get(Resource, "Previews")).origin;
}

/** How pages reach sandboxes. */
export function sandboxOrigins(): { sandboxPreviews: string; sandboxSockets: string } {
  const { previews, sockets } = SandboxEdge.parse(Reflect.get(Resource, "SandboxEdge"));
  return { sandboxPreviews: previews, sandboxSockets: sockets };
}

export function socketOrigin(): string {
  return new URL(Socket.parse(Reflect.get(Resource, "Socket")).url).origin;
}
