import { createApp } from "@slipway/functions/api/app";
import { handle } from "hono/aws-lambda";
import { localLogin } from "./login-provider.ts";

/** The API as the local cloud runs it: the deployed one plus the local sign-in. */
export const handler = handle(createApp({ extraProviders: [localLogin()] }));
