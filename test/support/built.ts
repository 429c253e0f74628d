import { outputs, stateOf } from "../../scripts/outputs.ts";

/** Before tests of the built product: a missing build ends the run at once, a stale one is announced. */
export function setup(): void {
  const states = Object.values(outputs).map((output) => stateOf(output));
  if (states.includes("missing")) {
    process.stderr.write("These tests run the built product, and there is no build. Run: npm run build\n");
    process.exit(1);
  }
  if (states.includes("stale")) {
    process.stderr.write(
      "The build is older than the sources, so changes since then are not tested. Run: npm run build\n",
    );
  }
}
