/** Where the choice is kept: notifications are of a browser, as its permission is. */
export const notifyKey = "notify";
