/** Origins besides the pages' own that they may talk to. */
export interface Origins {
  /** Where presigned URLs of files lead. */
  blobs: string;
  /** Such as `wss://….execute-api.eu-west-1.amazonaws.com`. */
  socket: string;
  /** The pages' own. */
  app: string;
}

/** The headers of every page: what it may load, and whom it may tell. Strict-Transport-Security is set at the edge. */
export function pageHeaders(nonce: string, { blobs, socket, app }: Origins): Record<string, string> {
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    // CodeMirror and the virtual list set styles of their own.
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob: ${blobs}`,
    `media-src 'self' ${blobs}`,
    `connect-src 'self' ${socket} ${blobs}`,
    `frame-src ${blobs}`,
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
    // Links of an answer are not to be resolved before they are followed.
    "x-dns-prefetch-control": "off",
    "cache-control": "private, no-store",
  };
}
