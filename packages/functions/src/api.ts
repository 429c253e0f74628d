import { handle } from "hono/aws-lambda";
import { createApp } from "./api/app.ts";

/** The API's Lambda. */
export const handler = handle(createApp());
