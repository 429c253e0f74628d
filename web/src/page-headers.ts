/** The origins that pages may talk to. */
export interface Origins {
  /** Where presigned URLs of files lead. */
  blobs: string;
  /** Such as `wss://….execute-api.eu-west-1.amazonaws.com`. */
  socket: string;
  /** Where previews are framed from. A `*` in its host stands for any of them. */
  previews: string;
  /** Where servers in sandboxes are framed from, likewise. */
  sandboxPreviews: string;
  /** Of terminals and of what a sandbox tells. */
  sandboxSockets: string;
  /** The pages' own origin. */
  app: string;
}

/** The security headers of every page. Strict-Transport-Security is set at the edge. */
export function pageHeaders(nonce: string, origins: Origins): Record<string, string> {
  const { blobs, socket, previews, sandboxPreviews, sandboxSockets, app } = origins;
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    // CodeMirror and the virtual list set styles of their own.
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob: ${blobs}`,
    `media-src 'self' ${blobs}`,
    `connect-src 'self' ${socket} ${sandboxSockets} ${blobs}`,
    `frame-src ${[...new Set([blobs, previews, sandboxPreviews])].join(" ")}`,
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(app.startsWith("https:") ? ["upgrade-insecure-requests"] : []),
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
    // The host names of an answer's links must not be resolved before a click.
    "x-dns-prefetch-control": "off",
    "cache-control": "private, no-store",
  };
}
