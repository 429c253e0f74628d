/** The result of connecting a GitHub account. */
export const text = {
  connected: "GitHub connected",
  declined: "GitHub was not connected, because you declined. Connect again to allow it.",
  failed: "GitHub could not be connected. Try again.",
  signedOut: "Your sign-in ended before GitHub answered. Sign in, then connect again.",
};
