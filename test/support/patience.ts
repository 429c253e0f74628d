/**
 * Bounds of every wait in the tests, in milliseconds. Tests wait for states and never for times, so these only decide when
 * to give up, on a machine several times slower than a laptop.
 */

/** For one state: an element, a run's end, a message on a socket. The sweep alone may take two minutes to end a run. */
export const patience = 180_000;

/** For a whole test or a hook. */
export const testPatience = 900_000;

/** For a whole test of `npm run test:long`. */
export const longPatience = 3_600_000;
