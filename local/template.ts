/** A synthesised template, read as loosely as it is used. */
import * as v from 'valibot';

export const propertiesSchema = v.record(v.string(), v.unknown());
const resourceSchema = v.object({
  Type: v.string(),
  Properties: v.optional(propertiesSchema, {}),
  /** `Delete` where there is none. */
  DeletionPolicy: v.optional(v.string()),
});
const outputsSchema = v.record(v.string(), v.object({ Value: v.unknown() }));
export const templateSchema = v.object({
  Resources: v.record(v.string(), resourceSchema),
  Outputs: v.optional(outputsSchema),
});
/** The template as a whole. */
export type Template = v.InferOutput<typeof templateSchema>;
/** One resource. */
export type Resource = v.InferOutput<typeof resourceSchema>;
/** The properties of one. */
export type Properties = v.InferOutput<typeof propertiesSchema>;

/** The resources of a type: their logical ids and their properties, every intrinsic replaced. */
export type OfType = (type: string) => readonly (readonly [id: string, properties: Properties])[];
