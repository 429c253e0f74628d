/** Commands that a message can begin with. */
export const text = {
  own: {
    plan: "Plan without changing anything",
    compact: "Shorten the conversation for the model",
  },
};
