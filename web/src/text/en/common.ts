/** What several areas say alike. */
export const text = {
  cancel: "Cancel",
  close: "Close",
  home: "Home",
  loading: "Loading",
  tryAgain: "Try again",
  somethingWentWrong: "Something went wrong.",
  signInToSee: "Sign in to see this page.",
  couldNotBeShown: (what: string) => `${what} could not be shown.`,
};
