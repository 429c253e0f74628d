import { createServer } from "node:net";
import type * as Bundles from "../../../scripts/bundles.ts";

/** Hot reload of the functions: rebuilds a bundle when its sources change and reports its name. */
export async function watchFunctions(root: string, rebuilt: (name: string) => void): Promise<() => Promise<void>> {
  const { context } = await import("esbuild");
  const { functionBuild, functionBundles } = (await import(`${root}/scripts/bundles.ts`)) as typeof Bundles;
  const bundles = functionBundles(root).filter(({ isRunHere }) => isRunHere);
  const contexts = await Promise.all(
    bundles.map(async (bundle) => {
      const { name } = bundle;
      const options = functionBuild(bundle);
      let first = true;
      const watching = await context({
        ...options,
        logLevel: "error",
        plugins: [
          ...(options.plugins ?? []),
          {
            name: "recycle",
            setup(build) {
              build.onEnd((result) => {
                if (!first && result.errors.length === 0) rebuilt(name);
                first = false;
              });
            },
          },
        ],
      });
      await watching.watch();
      return watching;
    }),
  );
  return async () => {
    await Promise.all(contexts.map((each) => each.dispose()));
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
