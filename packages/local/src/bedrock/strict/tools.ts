import type { ConverseRequest } from "../converse.ts";
import { modelRefuses, refuse } from "../refusal.ts";
import type { ServedModel } from "../served-models.ts";

const property = /^[a-zA-Z0-9_.-]{1,64}$/;

/** Definitions of tools, and which of them the model is to call. @throws ModelRefusal */
export function validateTools({ toolConfig }: ConverseRequest, model: ServedModel): void {
  if (toolConfig === undefined) return;
  const names = new Set<string>();
  for (const [at, tool] of toolConfig.tools.entries()) {
    if (!("toolSpec" in tool)) continue;
    const { name, inputSchema } = tool.toolSpec;
    const path = `toolConfig.tools.${at}.toolSpec`;
    if (names.has(name)) modelRefuses("tools: Tool names must be unique.");
    names.add(name);
    const { json } = inputSchema;
    const isObject = typeof json === "object" && json !== null && "type" in json && json.type === "object";
    if (!isObject) refuse(`The value at ${path}.inputSchema.json.type must be one of the following: object.`);
    if (model.plainSchemas) validateSchema(json, `tools.${at}.custom.input_schema`);
  }
  const choice = toolConfig.toolChoice;
  if (choice === undefined || "auto" in choice) return;
  if (!model.forcesTools) modelRefuses("Thinking may not be enabled when tool_choice forces tool use.");
  if ("tool" in choice && !names.has(choice.tool.name))
    modelRefuses(`Tool '${choice.tool.name}' not found in provided tools`);
}

function validateSchema(schema: object, at: string): void {
  if (["oneOf", "allOf", "anyOf"].some((field) => field in schema))
    modelRefuses(`${at}: input_schema does not support oneOf, allOf, or anyOf at the top level`);
  const properties = "properties" in schema ? schema.properties : undefined;
  if (typeof properties !== "object" || properties === null) return;
  if (!Object.keys(properties).every((name) => property.test(name)))
    modelRefuses(`${at}.properties: Property keys should match pattern '${property.source}'`);
}
