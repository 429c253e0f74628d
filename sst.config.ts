// oxlint-disable-next-line typescript/triple-slash-reference -- how SST gives its globals their types
/// <reference path="./.sst/platform/config.d.ts" />

/** What `sst deploy --stage <stage>` creates in a team's own account. The resources are in `infra`, one file per noun. */
export default $config({
  async app(input) {
    const { readStage } = await import("./infra/stage.ts");
    const stage = readStage(input?.stage);
    return {
      name: stage.app,
      home: "aws",
      removal: stage.retain ? "retain" : "remove",
      protect: stage.protect,
      providers: { aws: { region: stage.region } },
    };
  },
  async run() {
    const { outputs } = await import("./infra/app.ts");
    return outputs;
  },
});
